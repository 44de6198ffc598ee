"""Makes `python -m checker` the same as `clinic-checker`."""

from checker.cli.main import run

if __name__ == "__main__":
    run()
