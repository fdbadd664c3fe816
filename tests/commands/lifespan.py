"""A desk as it runs: the app's own lifespan, without its web server; it ends when its standard input does."""

import asyncio
import sys

import app


async def main() -> None:
    """Say when the desk is ready, and keep it up."""
    async with app.lifespan(app.app):
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
