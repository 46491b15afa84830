"""Makes copies of sources with the bugs of canaries.toml planted in them, and the list of bugs.

usage: plant.py SOURCE_DIR OUT_DIR [--names]   (--names: only prints the copies' names, for CMake)
"""

import pathlib
import sys
import tomllib


def copy_name(file):
    return file.removeprefix("src/").replace("/", "_")


def load(source_dir):
    text = (source_dir / "tests/canaries/canaries.toml").read_text()
    return tomllib.loads(text)["canary"]


def plant(source, canary):
    """The source with one bug in it; it must be clear where it goes."""
    if source.count(canary["find"]) != 1:
        sys.exit(f"canary {canary['name']}: its `find` stands {source.count(canary['find'])} times "
                 f"in {canary['file']}, not once: the code has changed, mend canaries.toml")
    switch = f'::thaw::is_planted("{canary["name"]}")'
    return source.replace(canary["find"], canary["plant"].replace("PLANTED", switch))


def write_if_changed(path, text):
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def main():
    source_dir, out_dir = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    canaries = load(source_dir)
    files = sorted({canary["file"] for canary in canaries})
    if "--names" in sys.argv:
        print(";".join(f"{out_dir}/{copy_name(file)}" for file in files), end="")
        return
    out_dir.mkdir(parents=True, exist_ok=True)
    for file in files:
        text = (source_dir / file).read_text()
        for canary in canaries:
            if canary["file"] == file:
                text = plant(text, canary)
        write_if_changed(out_dir / copy_name(file), '#include "tests/canaries/planted.h"\n' + text)
    rows = [f'{{"{c["name"]}", "{c["breaks"]}", SimLedger::{c["ledger"]}, {c["seeds"]}}},\n'
            for c in canaries if "breaks" in c]  # the first place of each
    write_if_changed(out_dir / "canary_list.inc", "".join(rows))


main()
