"""Real payloads and hostile corpora, where they lie beside the checkout."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
REAL = SHARED / "realdata"

needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared")
