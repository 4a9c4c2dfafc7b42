"""Parts of a study as JSON and back."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import TypeAdapter

from planning.studies.views import AnswerView, InputsView, ProgressView

Part = TypeVar("Part", AnswerView, InputsView, ProgressView)


_ADAPTERS: Mapping[type, TypeAdapter[Any]] = MappingProxyType(
    {kind: TypeAdapter(kind) for kind in (AnswerView, InputsView, ProgressView)}
)


def as_json(part: AnswerView | InputsView | ProgressView) -> dict[str, Any]:
    """Return a part as JSON stores it; its numbers are finite or None."""
    stored: dict[str, Any] = _ADAPTERS[type(part)].dump_python(part, mode="json")
    return stored


def from_json(kind: type[Part], stored: Mapping[str, Any] | None) -> Part | None:
    """Return a stored part, None where there is none."""
    if stored is None:
        return None
    part: Part = _ADAPTERS[kind].validate_python(stored)
    return part
