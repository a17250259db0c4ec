"""The policy instruments that are not institutions; each is a mechanism with a file of its own."""

INSTRUMENTS = ("grants", "supplier_development", "export_promotion", "consortium")
GRANTS, SUPPLIER_DEVELOPMENT, EXPORT_PROMOTION, CONSORTIUM = range(len(INSTRUMENTS))
