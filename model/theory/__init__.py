"""The theory: one mechanism a file. This is its table of contents.

K  knowledge: awareness, interaction, attention, absorption, redundancy, unlearning, appropriability
C  cluster: external_economies, joint_action
G  chains: selection, support, guarding
I  institutions: repository, tutelage, access, board, forums
F  firms and economy: value_added, resources, wages
"""
