"""Lists of sites as people save them."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.errors import SettingsError
from checker.scan.sites import addresses, read_file, read_list
from checker.store.outcome import ListedSite


def named(data: bytes, name: str = "sites.csv") -> list[str]:
    return [site.name for site in read_list(data, name).sites]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"a.example\nb.example\n", "sites.txt"),
        (b"# my list\r\n\r\na.example\r\nb.example", "sites.txt"),
        (b"url\na.example\nb.example\n", "standard input"),
        (b"a.example\nb.example\n", "sites.csv"),
        (b"\xef\xbb\xbfurl,state\na.example,TX\nb.example,CA\n", "sites.csv"),
        (b"name;Website;state\nA;a.example;TX\nB;b.example;CA\n", "sites.csv"),
        (b"name\twebsite\nA\ta.example\nB\tb.example\n", "sites.tsv"),
        (b"state,url\nTX,a.example\nCA,b.example\n", "standard input"),
        (b"A,a.example\nB,b.example\n", "sites.csv"),
        (b"who,where\nA,a.example\nB,b.example\n", "sites.csv"),
        (b'"name","url"\n"Clinic, A","a.example"\n"B ""best""",b.example\n', "sites.csv"),
        ("\ufeffurl;state\r\na.example;TX\r\nb.example;CA\r\n".encode("utf-16"), "sites.csv"),
        ("name,url\nÉtoile,a.example\nB,b.example\n".encode("cp1252"), "sites.csv"),
    ],
)
def test_the_sites_are_found(data: bytes, name: str) -> None:
    assert named(data, name) == ["a.example", "b.example"]


def test_other_columns_are_kept() -> None:
    data = "Name;Website;State\nÉtoile;a.example;TX\n;b.example;\n".encode("cp1252")
    assert [dict(site.extra) for site in read_list(data, "sites.csv").sites] == [{"Name": "Étoile", "State": "TX"}, {}]


@pytest.mark.parametrize(
    ("text", "sites", "extra"),
    [
        ("#,Website,State\n1,a.example,CA\n#2,b.example,TX", ["a.example", "b.example"], {"#": "1", "State": "CA"}),
        ("url,note\n# closed,x\na.example,\"line\n#tag line\nend\"", ["a.example"], {"note": "line\n#tag line\nend"}),
        ("url,note\na.example,soft\x0breturn\u2028and more\x85", ["a.example"], {"note": "soft\x0breturn\u2028and more"}),
        ("Website\na.example/stem-cells,neuropathy", ["a.example/stem-cells,neuropathy"], {}),
        ('url\n"a.example/x,y"', ["a.example/x,y"], {}),
        ("url,State\na.example,CA,more,and more", ["a.example"], {"State": "CA", "column_3": "more", "column_4": "and more"}),
        ("url,name,url,name\na.example,A,b.example,B", ["a.example"], {"name": "A", "url_2": "b.example", "name_2": "B"}),
        ("sep=;\nurl;State\na.example;CA", ["a.example"], {"State": "CA"}),
        ("A,a.example,x", ["a.example"], {"column_1": "A", "column_3": "x"}),
        ("url\na.example,Dallas\nb.example,", ["a.example", "b.example"], {"column_2": "Dallas"}),
        ("website\nhttps://a.example/x,\n", ["https://a.example/x"], {}),
        ('name,url\nDr "Bob,a.example\n#x,c.example\nother,b.example', ["a.example", "b.example"], {"name": 'Dr "Bob'}),
        ("url,name\na.example,A\n#,c.example\n#2,d.example", ["a.example"], {"name": "A"}),
        ("url,phone,phone_2,phone\na.example,1,2,3", ["a.example"], {"phone": "1", "phone_2": "2", "phone_3": "3"}),
        ("url,,column_2\na.example,1,2", ["a.example"], {"column_3": "1", "column_2": "2"}),
        ("sep=\t\nname\turl\nA\ta.example", ["a.example"], {"name": "A"}),
    ],
)
def test_every_cell_of_a_table_is_kept(text: str, sites: list[str], extra: dict[str, str]) -> None:
    found = read_list(text.encode(), "sites.csv").sites
    assert [site.name for site in found] == sites and dict(found[0].extra) == extra


def test_plain_lists_end_lines_in_any_way_and_have_comments_of_any_form() -> None:
    text = "#\tclinics in Texas\n#2024, from the newspaper\n#3 | y\na.example\u2028b.example\x0c# closed\x85c.example"
    assert named(text.encode(), "sites.txt") == ["a.example", "b.example", "c.example"]


def test_a_site_stands_once() -> None:
    lines = ["a.example", "https://www.a.example/", "HTTP://A.EXAMPLE", "b.example/x", "b.example/x/#top", "b.example"]
    found = read_list("\n".join(lines).encode(), "sites.txt")
    assert [(site.position, site.name) for site in found.sites] == [(1, "a.example"), (2, "b.example/x"), (3, "b.example")]
    assert [(line.number, line.name, line.reason) for line in found.repeated] == [
        (2, "https://www.a.example/", "as a.example"),
        (3, "HTTP://A.EXAMPLE", "as a.example"),
        (5, "b.example/x/", "as b.example/x"),
    ]


def test_what_names_a_visit_is_cut_from_addresses() -> None:
    assert named(b"https://a.example/p?utm_source=mail&id=7&token=x#top\n", "sites.txt") == ["https://a.example/p?id=7"]


def test_a_note_behind_an_address_leaves_no_space() -> None:
    assert named(b"https://a.example/p # opened in May\n", "sites.txt") == ["https://a.example/p"]


@pytest.mark.parametrize("data", [b'url,name\n"a.example,A\nb.example,B\n', b'name,url\nA,a.example\n"B,b.example\nC,c.example'])
def test_a_quotation_mark_that_stays_open_is_told(data: bytes) -> None:
    with pytest.raises(SettingsError, match=r"is no proper CSV: a quotation mark that row [23] opens is not closed"):
        read_list(data, "sites.csv")


def test_ten_thousand_lines_of_one_site() -> None:
    found = read_list(b"a.example\n" * 10_000, "sites.txt")
    assert (len(found.sites), len(found.repeated)) == (1, 9_999)


def test_internationalised_names_are_one_with_their_punycode() -> None:
    found = read_list("https://клиника.example/\nxn--80apbmobf.example\nMÜNCHEN.example\n".encode(), "sites.txt")
    keys = [site.key for site in found.sites]
    assert all(site.problem is None for site in found.sites) and all(key.startswith("xn--") for key in keys)
    assert found.sites[0].key.endswith(".example")


def test_what_is_no_address_stays_with_its_reason() -> None:
    sites = read_list(b"a.example\nnot an address\nftp://b.example\nhttp://user:pw@c.example\n", "sites.txt").sites

    def code(site: ListedSite) -> str | None:
        return site.problem.code if site.problem else None

    assert [code(site) for site in sites] == [None, *["unsupported_address"] * 3]


@pytest.mark.parametrize("line", ["http:/alarm.example", "mailto:info@a.example", "tel:555-0142", "https:a.example"])
def test_another_kind_of_address_is_none_of_a_site(line: str) -> None:
    (site,) = read_list(f"{line}\n".encode(), "sites.txt").sites
    assert site.problem is not None and site.problem.code == "unsupported_address"
    assert "a file, or -" not in site.problem.advice and "clinic.example" in site.problem.advice


@pytest.mark.parametrize("name", ["sites.csv", "sites.txt"])
def test_lines_without_an_address_have_their_number_in_the_file(name: str) -> None:
    lines = {
        "sites.csv": [
            "# ours",
            "",
            "name,url",
            "A,a.example",
            '"B',
            'and sons",not an address',
            "",
            "C,ftp://c.example",
            "D,a.example",
        ],
        "sites.txt": ["# ours", "", "url", "a.example", "not an address", "", "", "ftp://c.example", "a.example"],
    }[name]
    found = read_list("\n".join(lines).encode(), name)
    assert [(line.number, line.name) for line in found.bad] == [(5, "not an address"), (8, "ftp://c.example")]
    assert found.bad[0].reason == "The address holds white space or an invisible character."
    assert [line.number for line in found.repeated] == [9]


@pytest.mark.parametrize(
    ("data", "name", "empty"),
    [
        (b"name,url\nA,a.example\nB,\n# ours\nC, \nD\n,,\n\nE,e.example\n", "sites.csv", (3, 5, 6)),
        (b"name\turl\n\nA\t\nB\tb.example\n", "sites.tsv", (3,)),
        (b"url;state\na.example;TX\n;CA\n", "standard input", (3,)),
        (b"a.example\n\n  \nb.example\n", "sites.txt", ()),
        (b"url,state\na.example,TX\n,\n", "sites.csv", ()),
    ],
)
def test_lines_of_a_table_with_no_address_in_its_cell_are_counted(data: bytes, name: str, empty: tuple[int, ...]) -> None:
    found = read_list(data, name)
    assert found.empty == empty and (found.bad, found.repeated) == ((), ())


def test_without_a_scheme_https_is_tried_first() -> None:
    assert addresses("a.example") == ("https://a.example", "http://a.example")
    assert addresses("http://a.example") == ("http://a.example",)
    assert addresses("a.example/?to=http://b.example")[0] == "https://a.example/?to=http://b.example"


@pytest.mark.parametrize("data", [b"", b"\n\n", b"url\n", b"# only a note\n", b"\xef\xbb\xbf"])
def test_an_empty_list_is_told(data: bytes) -> None:
    with pytest.raises(SettingsError, match="names no site"):
        read_list(data, "sites.csv")


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"PK\x03\x04rest", "a spreadsheet"),
        (b"%PDF-1.7", "a PDF"),
        (b"SQLite format 3\0", "a database"),
        (b"\x7fELF\0\0", "NUL bytes"),
    ],
)
def test_other_files_are_told(start: bytes, what: str) -> None:
    with pytest.raises(SettingsError, match=what):
        read_list(start, "sites.xlsx")


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        read_file(tmp_path / "none.csv")
    with pytest.raises(SettingsError, match="is a folder"):
        read_file(tmp_path)
