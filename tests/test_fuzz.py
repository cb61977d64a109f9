"""Every provider, given what no page should send: incidents or a fault of ours, nothing else."""

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from generator.errors import SourceFault
from generator.reading import Get, Reply
from tests.mutants import mutant
from tests.replay import Case, drive

FIXTURES = Path(__file__).parent / "fixtures"
CASES = sorted(file.parent for file in FIXTURES.glob("*/*/case.toml"))
SHORT, LONG = 6, 600
# Walks that a mutant sends round in circles end here: the budget of a run ends them in life.
MOST = 200


class Mutants(Case):
    """A case whose replies have things wrong, by the dice."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.dice = random.Random(0)
        self.left = MOST

    def seed(self, seed: str) -> "Mutants":
        self.dice = random.Random(seed)
        self.left = MOST
        return self

    def reply(self, get: Get) -> Reply:
        self.left -= 1
        if self.left < 0:
            raise SourceFault("slow", "asked for too much")
        try:
            reply = super().reply(get)
        except ValueError as error:  # as the network refuses what is no address
            raise SourceFault("refused", str(error)) from None
        if reply.body and self.dice.random() < 0.8:
            reply.body = mutant(reply.body, self.dice)
        return reply


def survives(folder: Path, seeds: Iterator[int] | range) -> None:
    case = Mutants(folder)
    for seed in seeds:
        name = f"{folder.parent.name}/{folder.name} {seed}"
        case.seed(name)
        try:
            batch, _ = drive(case.reading(), case)
            msgspec.msgpack.encode(batch)
        except SourceFault:
            continue
        except Exception as error:
            raise AssertionError(f"{name}: {type(error).__name__}: {error}") from error


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_page_that_lost_its_mind_is_a_fault(folder: Path) -> None:
    survives(folder, range(SHORT))


@pytest.mark.torture
@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_so_it_is_a_hundred_thousand_times(folder: Path) -> None:
    assert len(CASES) * LONG >= 100_000
    survives(folder, range(SHORT, LONG))
