"""What is said when input is refused."""

import pytest

from model.scenario.faults import InputError


def faults_of(call, *args):
    with pytest.raises(InputError) as caught:
        call(*args)
    return caught.value.faults


def message_of(call, *args) -> str:
    (fault,) = faults_of(call, *args)
    return str(fault)
