"""The theory: one mechanism a file. This is its table of contents.

K  knowledge: awareness, interaction, attention, absorption, redundancy, recombination, renewal,
   unlearning, appropriability, seeking
C  cluster: external_economies, joint_action, local_leader
G  chains: selection, support, guarding, several_chains, governance_shift, outside_options, favour
M  markets: demand, home_market, employment
I  institutions: repository, tutelage, access, board, forums, certification, complementarity, services
F  firms and economy: road, pressure, value_added, resources, wages, ownership
P  policy: grants, supplier_development, export_promotion (consortium building is in joint_action; instruments
   lists them all)
"""
