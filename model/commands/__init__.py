"""What can be asked on the command line: one file a command, named as it is typed.

A command says what it takes and calls the job that does it; options that several share stand in
``options``. The main job, ``cases``, ``patterns``, ``calibrate`` and ``validate`` need the evidence
and are declared in ``calibration.command_line``; ``run.py`` lists all.

A new command is a file here, a name in ``run.COMMANDS`` and a row in the README; a test demands both.
"""
