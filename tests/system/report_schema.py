"""report.json has the shape that docs/report.schema.json says: the made-up reports of the tests, and real ones named on the command
line or in HONE_REPORTS (paths, colon between)."""

import json
import os
import pathlib
import sys

SOURCE = pathlib.Path(os.environ.get("HONE_SOURCE", pathlib.Path(__file__).parents[2]))


def problems_of(report, schema, validator):
    return [f"/{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in validator(schema).iter_errors(report)]


def main():
    try:
        import jsonschema
    except ImportError:
        print("skipped: python3-jsonschema is not installed")
        return 77
    schema = json.loads((SOURCE / "docs/report.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator
    validator.check_schema(schema)
    files = sorted((SOURCE / "tests/fixtures/report").glob("*.json"))
    files = [file for file in files if file.stem != "hostile"]  # its hashes are no hashes
    files += [pathlib.Path(name) for name in sys.argv[1:] + os.environ.get("HONE_REPORTS", "").split(":") if name]
    found = []
    for file in files:
        report = json.loads(file.read_text(encoding="utf-8"))
        found += [f"{file.name}{problem}" for problem in problems_of(report, schema, validator)]
    # A schema that lets everything through would pass as well: it must notice what is missing and what is misspelt.
    spoilt = json.loads(files[0].read_text(encoding="utf-8"))
    spoilt["facts"]["evaluation"]["verdict"] = "MAYBE"
    del spoilt["facts"]["evaluation"]["domain"]["all"]["tuned"]
    if len(problems_of(spoilt, schema, validator)) != 2:
        found.append("the schema does not notice a wrong verdict and a missing figure")
    print("\n".join(found) or f"{len(files)} reports fit")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
