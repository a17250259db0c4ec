// Draws one world on a canvas. What it is given is told in canvas.py; everything it decides is how
// the picture looks. After each frame it says so (ack), and the next quarter may begin.

const INK = "#1a1a1a", FAINT = "#5f5f5f", PAPER = "#ffffff", CHOSEN = "#c00000";
const ACTIVE = 1, PARTED = 2, HIGH_ROAD = 4;
const NEAR = 12; // pixels within which the mouse finds something

function bytes(model, name, Type) {
  const view = model.get(name);
  return new Type(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

function button(text, title, act) {
  const b = document.createElement("button");
  b.textContent = text; b.title = title; b.setAttribute("aria-label", title);
  b.style.cssText = "width:26px;height:26px;border:1px solid #ccc;border-radius:4px;background:#fffd;" +
    "font:16px sans-serif;line-height:1;cursor:pointer;margin-left:3px;color:#333";
  b.addEventListener("click", act);
  return b;
}

// A message with its gaps filled.
function filled(message, parts) {
  return message.replace(/\{(\w+)\}/g, (gap, name) => parts[name]);
}

// What the page that Solara makes does not say: its language, and that it may be enlarged.
function readable(language) {
  document.documentElement.lang = language;
  const viewport = document.querySelector('meta[name="viewport"]');
  if (viewport) viewport.content = "width=device-width, initial-scale=1";
}

function render({ model, el }) {
  const words = model.get("words"), fixed = (x, n) => x.toFixed(n).replace(".", words.decimal);
  readable(words.language);
  el.style.position = "relative";
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "application"); // arrow keys go from firm to firm
  canvas.setAttribute("aria-roledescription", words.map);
  canvas.tabIndex = 0;
  canvas.style.cssText = "display:block;width:100%;touch-action:pan-y";
  const tip = document.createElement("div");
  tip.setAttribute("role", "status"); // read aloud as one goes from firm to firm
  tip.style.cssText = "position:absolute;z-index:3;max-width:290px;background:#222e;color:#fff;" +
    "font:12px/1.4 sans-serif;padding:5px 8px;border-radius:4px;pointer-events:none;display:none;" +
    "white-space:pre-line";
  const tools = document.createElement("div");
  tools.className = "hr-tools";
  tools.style.cssText = "position:absolute;right:4px;bottom:4px;z-index:2";
  el.append(canvas, tip, tools);

  let scene, places, ties, state, hover = null, dragged = null;
  let view = { k: 1, x: 0, y: 0 }; // zoom, and the corner of the canvas that is seen

  function readScene() {
    scene = model.get("scene");
    places = bytes(model, "places", Float32Array);
    canvas.style.aspectRatio = scene.width + " / " + scene.height;
  }
  function readState() {
    const counts = model.get("counts"), pairs = bytes(model, "pairs", Uint32Array);
    ties = {};
    let at = 0;
    for (const [kind, n] of counts) { ties[kind] = pairs.subarray(at, at + 2 * n); at += 2 * n; }
    state = {
      colour: bytes(model, "colour", Uint8Array), size: bytes(model, "size", Float32Array),
      flags: bytes(model, "flags", Uint8Array), facts: bytes(model, "facts", Float32Array),
      notes: model.get("notes"), paint: model.get("paint"),
    };
  }

  const scale = () => canvas.clientWidth / scene.width;
  const letters = (px) => Math.min(px / (scale() * view.k), 26 / view.k); // of so many pixels on the screen

  function lines(g, pairs, ends, colour, alpha, width, dash) {
    g.globalAlpha = alpha; g.strokeStyle = colour; g.lineWidth = width; g.setLineDash(dash || []);
    g.beginPath();
    for (let i = 0; i < pairs.length; i += 2) {
      const a = 2 * pairs[i], [x, y] = ends(pairs[i + 1]);
      g.moveTo(places[a], places[a + 1]); g.lineTo(x, y);
    }
    g.stroke(); g.setLineDash([]); g.globalAlpha = 1;
  }
  const firmAt = (row) => [places[2 * row], places[2 * row + 1]];
  const chainAt = (row) => { const c = scene.chains[row]; return [c.x, c.y + 9]; };
  const houseAt = (row) => { const h = scene.institutions[row]; return [h.x, h.y]; };

  function only(pairs, keep) {
    const kept = [];
    for (let i = 0; i < pairs.length; i += 2) if (keep(pairs[i], pairs[i + 1])) kept.push(pairs[i], pairs[i + 1]);
    return kept;
  }
  function clip(g, text, room) {
    if (g.measureText(text).width <= room) return text;
    while (text.length > 1 && g.measureText(text + "…").width > room) text = text.slice(0, -1);
    return text.trimEnd() + "…";
  }
  function label(g, text, x, y, size, weight, colour) {
    g.font = weight + " " + size + "px sans-serif"; g.textAlign = "center";
    g.lineWidth = size / 4; g.strokeStyle = PAPER; g.lineJoin = "round"; g.globalAlpha = 0.85;
    g.strokeText(text, x, y); g.globalAlpha = 1; g.fillStyle = colour; g.fillText(text, x, y);
  }
  function diamond(g, x, y, r) {
    g.beginPath(); g.moveTo(x, y - r); g.lineTo(x + r, y); g.lineTo(x, y + r); g.lineTo(x - r, y); g.closePath();
  }

  function draw() {
    const dpr = window.devicePixelRatio || 1, wide = canvas.clientWidth, high = canvas.clientHeight;
    if (!wide) return;
    if (canvas.width !== Math.round(wide * dpr) || canvas.height !== Math.round(high * dpr)) {
      canvas.width = Math.round(wide * dpr); canvas.height = Math.round(high * dpr);
    }
    const g = canvas.getContext("2d"), s = scale() * view.k * dpr, show = model.get("show");
    g.setTransform(1, 0, 0, 1, 0, 0); g.clearRect(0, 0, canvas.width, canvas.height);
    g.setTransform(s, 0, 0, s, -view.x * s, -view.y * s);
    drawCommunities(g);
    const focus = hover || (model.get("chosen") >= 0 ? { kind: "firm", row: model.get("chosen") } : null);
    drawTies(g, show, focus);
    drawFirms(g, focus);
    drawInstitutions(g, focus);
    drawChains(g, focus);
  }
  function drawCommunities(g) {
    const size = letters(13);
    for (const c of scene.communities) {
      g.fillStyle = scene.disc; g.beginPath(); g.arc(c.x, c.y, c.r + 5, 0, 7); g.fill();
      label(g, c.title, c.x, c.y - c.r - 9, size, "600", INK);
    }
  }
  function drawTies(g, show, focus) {
    const dim = focus ? 0.35 : 1;
    const thin = (kind, full, low, high) => Math.max(low, Math.min(high, full / (ties[kind].length / 2 + 1)));
    for (const [row, h] of scene.institutions.entries()) { // whom an institution reaches
      if (h.association || !show.reach) continue;
      g.strokeStyle = INK; g.lineWidth = 1.6; g.globalAlpha = 0.35; g.setLineDash([2, 5]);
      for (const c of h.reach) {
        const disc = scene.communities[c], d = Math.hypot(disc.x - h.x, disc.y - h.y);
        if (d <= disc.r) continue;
        const t = (d - disc.r - 5) / d;
        g.beginPath(); g.moveTo(h.x, h.y); g.lineTo(h.x + t * (disc.x - h.x), h.y + t * (disc.y - h.y)); g.stroke();
      }
      g.setLineDash([]); g.globalAlpha = 1;
    }
    for (const kind of ["local", "across", "forum"]) {
      if (show[kind]) {
        const far = kind !== "local", alpha = far ? thin(kind, 40, 0.14, 0.75) : thin(kind, 200, 0.07, 0.35);
        lines(g, ties[kind], firmAt, scene.ties[kind], alpha * dim, far ? 1.2 : 0.8, far ? [6, 4] : []);
      }
    }
    if (show.member) lines(g, ties.member, houseAt, scene.member, thin("member", 30, 0.06, 0.3) * dim, 0.9);
    for (const [row, c] of scene.chains.entries()) {
      if (show.contract) lines(g, only(ties.contract, (a, b) => b === row), chainAt, c.colour, thin("contract", 45, 0.12, 0.45) * dim, 1);
    }
    if (!focus) return;
    const mine = (kind) => only(ties[kind], (a, b) =>
      focus.kind === "firm" ? a === focus.row || (["local", "across", "forum"].includes(kind) && b === focus.row)
        : b === focus.row);
    if (focus.kind === "firm") {
      for (const kind of ["local", "across", "forum"]) lines(g, mine(kind), firmAt, scene.ties[kind], 1, 1.8);
      lines(g, mine("contract"), chainAt, INK, 0.9, 1.6);
      lines(g, mine("member"), houseAt, scene.member, 0.9, 1.6);
    } else if (focus.kind === "chain") lines(g, mine("contract"), chainAt, scene.chains[focus.row].colour, 0.9, 1.5);
    else if (focus.kind === "institution") lines(g, mine("member"), houseAt, scene.member, 0.8, 1.3);
  }
  function drawFirms(g, focus) {
    const { colour, size, flags, paint } = state;
    for (let p = 0; p < paint.length; p++) {
      g.fillStyle = paint[p]; g.beginPath();
      for (let i = 0; i < scene.n; i++) {
        if (colour[i] !== p || !(flags[i] & ACTIVE)) continue;
        const x = places[2 * i], y = places[2 * i + 1];
        g.moveTo(x + size[i], y); g.arc(x, y, size[i], 0, 7);
      }
      g.fill();
      g.strokeStyle = "#0006"; g.lineWidth = scene.n > 800 ? 0.4 : 0.7; g.stroke();
    }
    g.strokeStyle = "#a8a8a0"; g.lineWidth = 0.8; g.beginPath(); // vacant places
    for (let i = 0; i < scene.n; i++) {
      if (flags[i] & ACTIVE) continue;
      g.moveTo(places[2 * i] + 1.6, places[2 * i + 1]); g.arc(places[2 * i], places[2 * i + 1], 1.6, 0, 7);
    }
    g.stroke();
    g.strokeStyle = INK; g.lineWidth = Math.max(1.2, scene.room * 0.16); g.beginPath(); // lives that have parted
    for (let i = 0; i < scene.n; i++) {
      if (!(flags[i] & PARTED)) continue;
      const r = Math.max(size[i], 2) + g.lineWidth / 2;
      g.moveTo(places[2 * i] + r, places[2 * i + 1]); g.arc(places[2 * i], places[2 * i + 1], r, 0, 7);
    }
    g.stroke();
    for (const row of [model.get("chosen"), focus && focus.kind === "firm" ? focus.row : -1]) {
      if (row < 0 || row >= scene.n) continue;
      g.strokeStyle = CHOSEN; g.lineWidth = 2.4; g.beginPath();
      g.arc(places[2 * row], places[2 * row + 1], Math.max(size[row], 3) + 3.5, 0, 7); g.stroke();
    }
  }
  function drawInstitutions(g, focus) {
    for (const [row, h] of scene.institutions.entries()) {
      const r = h.association ? 6 : 14;
      diamond(g, h.x, h.y, r);
      g.fillStyle = h.association ? "#777" : INK; g.fill();
      g.strokeStyle = focus && focus.kind === "institution" && focus.row === row ? CHOSEN : PAPER;
      g.lineWidth = 2; g.stroke();
      if (h.association) continue;
      const size = letters(12);
      g.font = "600 " + size + "px sans-serif";
      label(g, clip(g, h.title, 330), h.x, h.y + r + size * 1.1, size, "600", INK);
      label(g, state.notes.institutions[row], h.x, h.y + r + size * 2.25, size * 0.92, "400", FAINT);
    }
  }
  function drawChains(g, focus) {
    const size = letters(12), room = scene.width / Math.min(scene.chains.length, 8) - 10;
    for (const [row, c] of scene.chains.entries()) {
      const r = 10;
      g.beginPath(); g.rect(c.x - r, c.y - r, 2 * r, 2 * r);
      g.fillStyle = c.colour; g.fill();
      g.lineWidth = 2; g.strokeStyle = focus && focus.kind === "chain" && focus.row === row ? CHOSEN : INK;
      g.stroke();
      if (c.abroad) { g.beginPath(); g.rect(c.x - r - 4, c.y - r - 4, 2 * r + 8, 2 * r + 8); g.lineWidth = 1.2; g.strokeStyle = INK; g.stroke(); }
      if (scene.chains.length > 8) continue;
      g.font = "600 " + size + "px sans-serif";
      label(g, clip(g, c.title, room), c.x, c.y + r + 6 + size, size, "600", INK);
      g.font = "400 " + size * 0.92 + "px sans-serif";
      const under = scale() > 0.45 ? [c.what, state.notes.chains[row]] : [state.notes.chains[row]];
      under.forEach((text, n) =>
        label(g, clip(g, text, room), c.x, c.y + r + 6 + size * (2.15 + 1.05 * n), size * 0.92, "400", FAINT));
    }
  }

  function spot(event) { // the mouse in the coordinates of the picture
    const box = canvas.getBoundingClientRect(), s = scale() * view.k;
    return [(event.clientX - box.left) / s + view.x, (event.clientY - box.top) / s + view.y];
  }
  function under(event) {
    const [x, y] = spot(event), reach = NEAR / (scale() * view.k);
    for (const [row, c] of scene.chains.entries()) if (Math.abs(c.x - x) < 16 && Math.abs(c.y - y) < 16) return { kind: "chain", row };
    for (const [row, h] of scene.institutions.entries()) if (Math.hypot(h.x - x, h.y - y) < (h.association ? 8 : 16)) return { kind: "institution", row };
    let best = -1, near = reach * reach;
    for (let i = 0; i < scene.n; i++) {
      const d = (places[2 * i] - x) ** 2 + (places[2 * i + 1] - y) ** 2;
      if (d < near) { near = d; best = i; }
    }
    return best < 0 ? null : { kind: "firm", row: best };
  }
  function told(found) {
    if (found.kind === "chain") {
      const c = scene.chains[found.row];
      return c.title + "\n" + c.what + "\n" + state.notes.chains[found.row];
    }
    if (found.kind === "institution") {
      const h = scene.institutions[found.row];
      return h.title + "\n" + h.what + "\n" + state.notes.institutions[found.row];
    }
    const i = found.row, f = state.facts.subarray(8 * i, 8 * i + 8), place = scene.communities[scene.home[i]].title;
    if (!(state.flags[i] & ACTIVE)) return filled(words.vacant, { row: i, place });
    const scores = scene.dimensions.map((name, d) => name + " " + fixed(f[d], 2)).join(", ");
    const told = [
      filled(state.flags[i] & HIGH_ROAD ? words.high : words.low, { row: i, place }),
      filled(words.scores, { scores }),
      filled(words.economy, { workers: fixed(f[6], 0), value_added: fixed(f[4], 2), wage: fixed(f[5], 2) }),
    ];
    if (state.flags[i] & PARTED) told.push(filled(words.parted, { quarter: f[7] }));
    return [...told, words.read].join("\n");
  }
  function show(found, x, y) { // the tip at a point of the canvas; none for nothing
    tip.style.display = found ? "block" : "none";
    if (!found) return;
    tip.textContent = told(found);
    tip.style.left = Math.max(0, x > canvas.clientWidth / 2 ? x - 12 - tip.offsetWidth : x + 14) + "px";
    tip.style.top = y + 14 + "px";
  }
  function pick(row) {
    model.set("picked", [row, (model.get("picked")[1] || 0) + 1]); model.save_changes();
  }
  // The firm next to the one in hand, in the direction of an arrow key: near, and not far to the side.
  function next(from, dx, dy) {
    let best = -1, least = Infinity;
    for (let i = 0; i < scene.n; i++) {
      const x = places[2 * i] - places[2 * from], y = places[2 * i + 1] - places[2 * from + 1];
      const ahead = x * dx + y * dy, aside = Math.abs(x * dy) + Math.abs(y * dx);
      if (ahead > 0.1 && ahead + 2 * aside < least) { least = ahead + 2 * aside; best = i; }
    }
    return best < 0 ? from : best;
  }
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key], here = hover && hover.kind === "firm" ? hover.row : -1;
    if (arrow) {
      hover = { kind: "firm", row: here < 0 ? Math.max(0, model.get("chosen")) : next(here, ...arrow) };
      const s = scale() * view.k;
      draw(); show(hover, (places[2 * hover.row] - view.x) * s, (places[2 * hover.row + 1] - view.y) * s);
    } else if ((event.key === "Enter" || event.key === " ") && here >= 0) pick(here);
    else if (event.key === "Escape") { hover = null; show(null); draw(); pick(-1); }
    else if (event.key === "+" || event.key === "=") middle(1.6);
    else if (event.key === "-") middle(1 / 1.6);
    else return;
    event.preventDefault();
  });
  canvas.addEventListener("blur", () => { show(null); if (hover) { hover = null; draw(); } });
  canvas.addEventListener("mousemove", (event) => {
    if (dragged) {
      const [x, y] = spot(event);
      move(view.x + dragged[0] - x, view.y + dragged[1] - y);
      return draw();
    }
    const found = under(event), same = hover && found && hover.kind === found.kind && hover.row === found.row;
    canvas.style.cursor = found ? "pointer" : view.k > 1 ? "grab" : "default";
    if (!same && (hover || found)) { hover = found; draw(); }
    const box = canvas.getBoundingClientRect();
    show(found, event.clientX - box.left, event.clientY - box.top);
  });
  canvas.addEventListener("mouseleave", () => { tip.style.display = "none"; if (hover) { hover = null; draw(); } });
  canvas.addEventListener("click", (event) => {
    const found = under(event);
    const row = found && found.kind === "firm" ? found.row : -1;
    if (found && found.kind !== "firm") return;
    pick(row);
  });

  function move(x, y) { // so that the picture fills the canvas
    view.x = Math.min(Math.max(x, 0), scene.width - scene.width / view.k);
    view.y = Math.min(Math.max(y, 0), scene.height - scene.height / view.k);
  }
  function zoom(by, x, y) {
    const k = Math.min(Math.max(view.k * by, 1), 8), ratio = view.k / k;
    view.k = k; move(x - (x - view.x) * ratio, y - (y - view.y) * ratio); draw();
  }
  const middle = (by) => zoom(by, view.x + scene.width / view.k / 2, view.y + scene.height / view.k / 2);
  tools.append(button("+", words.closer, () => middle(1.6)), button("−", words.farther, () => middle(1 / 1.6)),
    button("⤢", words.all, () => { view = { k: 1, x: 0, y: 0 }; draw(); }),
    button("↓", words.save, save));
  function save() { // on white, as it is seen
    const sheet = document.createElement("canvas"), g = sheet.getContext("2d");
    sheet.width = canvas.width; sheet.height = canvas.height;
    g.fillStyle = PAPER; g.fillRect(0, 0, sheet.width, sheet.height); g.drawImage(canvas, 0, 0);
    const link = document.createElement("a");
    link.download = "highroad_quarter_" + model.get("quarter") + ".png";
    link.href = sheet.toDataURL("image/png"); link.click();
  }
  canvas.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // the plain wheel scrolls the page
    event.preventDefault(); zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, ...spot(event));
  }, { passive: false });
  canvas.addEventListener("mousedown", (event) => { if (view.k > 1 && !under(event)) dragged = spot(event); });
  const release = () => { dragged = null; };
  window.addEventListener("mouseup", release);

  function frame() {
    if (model.get("number") < 1) return;
    readScene(); readState(); draw();
    canvas.setAttribute("aria-label", model.get("label"));
    canvas.dataset.quarter = model.get("quarter");
    canvas.dataset.frame = model.get("number");
    model.set("ack", model.get("number")); model.save_changes();
  }
  const sized = new ResizeObserver(() => { if (state) draw(); });
  sized.observe(canvas);
  model.on("change:number", frame);
  model.on("change:look", () => { readState(); draw(); });
  model.on("change:chosen", draw);
  frame();
  return () => { sized.disconnect(); window.removeEventListener("mouseup", release); };
}

export default { render };
