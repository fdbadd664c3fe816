"""The portable copy: the fields decided to be in and nothing else, a schema that fits, a manifest that proves it."""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import jsonschema
import pytest

from core.documents.answer import Column, Row, SystemPart, Table
from core.documents.portable import FieldFact, PortableAnswer, build
from core.documents.spreadsheet import restore
from core.law.errors import AnotherPerson, Invalid
from tests.documents.samples import HOSTILE, MADE_ON


def fact(column: str, *, included: bool = True) -> FieldFact:
    return FieldFact("shop", "orders", column, column.title(), included, "a reason", "20(1)")


def answer(rows: list[tuple], subject: str = "S-1", **changes: object) -> PortableAnswer:
    columns = (Column("number", "Number"), Column("text", "Text"), Column("day", "Day"))
    table = Table("orders", "Orders", columns, tuple(Row(subject, row) for row in rows))
    parts = (SystemPart("shop", "Web shop", "found" if rows else "zero", (table,)),)
    whole = PortableAnswer(
        "RD-2026-004217-3", "S-1", "Example Trading GmbH", "privacy@example.com", MADE_ON, parts,
        (*(fact(column.name) for column in columns), fact("score", included=False)),
    )
    return replace(whole, **changes)


def files(package) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package.zip_bytes)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


ROWS = [(n, text, date(2026, 3, 1)) for n, text in enumerate(HOSTILE)]


def test_the_copy_holds_data_schema_tables_and_manifest_and_nothing_of_the_desk() -> None:
    assert list(files(build(answer(ROWS)))) == ["data.json", "schema.json", "tables/01-shop-orders.csv", "manifest.json"]


def test_the_schema_is_one_and_the_data_fit_it() -> None:
    mixed = [*ROWS, (None, None, None), (Decimal("1.50"), "", datetime(2026, 3, 1, 12)), (1.5, "x", date(2026, 1, 1))]
    for rows in (ROWS, mixed, []):
        held = files(build(answer(rows)))
        schema, data = json.loads(held["schema.json"]), json.loads(held["data.json"])
        jsonschema.Draft202012Validator.check_schema(schema)
        checker = jsonschema.Draft202012Validator(schema)
        checker.validate(data)
        with pytest.raises(jsonschema.ValidationError):
            checker.validate(data | {"more": 1})
    data["systems"]["shop"]["orders"] = [{"number": 1}]
    with pytest.raises(jsonschema.ValidationError):
        checker.validate(data)


def test_every_text_stands_unharmed_in_both_forms() -> None:
    held = files(build(answer(ROWS)))
    assert [row["text"] for row in json.loads(held["data.json"])["systems"]["shop"]["orders"]] == list(HOSTILE)
    lines = list(csv.reader(io.StringIO(held["tables/01-shop-orders.csv"].decode("utf-8-sig"), newline="")))
    assert [restore(line[1]) for line in lines[1:]] == list(HOSTILE)


def test_the_manifest_names_each_file_with_its_fingerprint_and_rows_per_system() -> None:
    package = build(answer(ROWS))
    held, manifest = files(package), package.manifest
    assert json.loads(held["manifest.json"]) == manifest
    assert {each["name"] for each in manifest["files"]} == set(held) - {"manifest.json"}
    for each in manifest["files"]:
        assert each["sha256"] == hashlib.sha256(held[each["name"]]).hexdigest()
    assert manifest["systems"] == [{"name": "shop", "state": "found", "rows": len(ROWS), "note": ""}]
    assert package.counts == {"shop": len(ROWS)}
    assert package.sha256 == hashlib.sha256(package.zip_bytes).hexdigest()
    left_out = [each for each in manifest["fields"] if not each["included"]]
    assert [(each["column"], each["article"]) for each in left_out] == [("score", "20(1)")]


def test_the_same_answer_gives_the_same_bytes() -> None:
    assert build(answer(ROWS)).zip_bytes == build(answer(ROWS)).zip_bytes


def test_a_row_of_somebody_else_and_an_undecided_field_stop_the_copy() -> None:
    with pytest.raises(AnotherPerson):
        build(answer([(1, "x", None)], subject="S-2"))
    with pytest.raises(Invalid, match="decided"):
        build(answer(ROWS, fields=(fact("number"), fact("text"), fact("day", included=False))))
    with pytest.raises(Invalid, match="why"):
        build(answer(ROWS, systems=(SystemPart("shop", "Web shop", "failed"),)))
