"""The socket that the service listens on."""

from __future__ import annotations

import asyncio
import socket

from api.commands.serve import _listening


def test_answers_are_sent_at_once() -> None:
    """The connections it accepts have Nagle's algorithm off, as asyncio does for sockets of a named protocol."""

    async def delays() -> int:
        found: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            found.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with _listening("127.0.0.1", 0) as listening:
            async with await asyncio.start_server(connected, sock=listening):
                _, writer = await asyncio.open_connection(*listening.getsockname())
                no_delay = await asyncio.wait_for(found, 5)
                writer.close()
                await writer.wait_closed()
                return no_delay

    assert asyncio.run(delays()) == 1
