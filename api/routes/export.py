"""Exports: everything that the lens lets through, streamed in the formats that other tools read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain
from types import ModuleType
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.deps import service
from api.reading import Nothing, entity_tag, has_already
from api.routing import Get, plain
from graph.errors import NotFound
from graph.parts import part, part_names
from graph.questions import Asking, described
from graph.view import resolved_lens

PACKAGE = "graph.exports"
PATIENCE = 30.0  # until the first piece; what follows may take as long as it takes


def routes() -> Iterator[Get]:
    """The addresses of this file."""
    for name in part_names(PACKAGE):
        module = part(PACKAGE, name)
        asking = Asking(f"export.{name}", *described(module), Nothing)
        respond = partial(exported, asking, module)
        yield Get(f"/v1/export.{name}", asking, media_type=module.MEDIA_TYPE, respond=respond)
    yield Get("/v1/export.{name}", plain("export", "No such format."), respond=unknown, is_listed=False)


async def exported(asking: Asking, module: ModuleType, request: Request, values: Mapping[str, Any]) -> Response:
    """The whole export; what can be refused is refused before the first byte is sent."""
    its = service(request)
    lens, _ = asking.read(values, its.audience)

    def begun() -> Response:
        store = its.store
        tag = entity_tag(its.edition, request, store.version(its.audience))
        if has_already(request, tag):
            return Response(status_code=304, headers={"ETag": tag})
        pieces = module.write(store, resolved_lens(store, lens))
        first = next(pieces, b"")
        # The state that is exported was fixed when the first piece was read.
        same = tag == entity_tag(its.edition, request, store.version(its.audience))
        headers = {"Content-Disposition": f'attachment; filename="network{module.SUFFIX}"'}
        return StreamingResponse(
            chain([first], pieces), headers=headers | ({"ETag": tag} if same else {}), media_type=module.MEDIA_TYPE
        )

    return await its.read(begun, patience=PATIENCE)


async def unknown(request: Request, _: object) -> Response:
    """Refuse a format that is not there, with those that are."""
    valid = part_names(PACKAGE)
    raise NotFound(
        f"There is no export as “{request.path_params['name'][:100]}”.",
        fix=f"Use one of: {', '.join(valid)}.",
        valid=valid,
    )
