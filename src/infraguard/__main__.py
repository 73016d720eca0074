"""The way in. `--version` is answered before anything is imported that takes time."""

from __future__ import annotations

import gc
import sys

from infraguard import __version__


def main() -> int:
    """Run the command line; the result is the exit code of the process."""
    try:
        return _run(sys.argv[1:])
    except KeyboardInterrupt:  # while the command line was imported: once it is there, it says this itself
        sys.stderr.write("interrupted\n")
        return 130


def _run(arguments: list[str]) -> int:
    if arguments in (["--version"], ["-V"]):
        try:
            sys.stdout.write(f"infraguard {__version__}\n")
            sys.stdout.flush()
        except OSError:  # a full disk, or a reader who has left: the whole command line knows what to do
            from infraguard.cli.main import run

            return run(arguments)
        return 0
    from infraguard.cli.main import run

    # What a scan makes lives to its end, so that looking for what is of no use finds nothing and takes 7 ms for each
    # 50,000 objects: 0.2 s of the 1,300,000 that 111,000 lines of Terraform give. Later it bounds what cycles hold.
    gc.set_threshold(2_000_000, 5, 100)
    code = run(arguments)
    gc.freeze()  # or the interpreter, as it ends, would look through all of that once more
    return code


if __name__ == "__main__":
    sys.exit(main())
