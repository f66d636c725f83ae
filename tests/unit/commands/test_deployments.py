"""One client's files for device management say the same everywhere, and survive odd names."""

import datetime as dt
import json
import plistlib
import re
import subprocess
from pathlib import Path

from backend.services.deployments import apple, linux, windows
from backend.services.deployments.wish import Wish

ID = "a" * 32
WISH = Wish(
    client='O\'Neil & Söhne "Praxis"',
    extension_id=ID,
    update_url="https://quillgate.example/api/v1/extension/updates.xml",
    server="https://quillgate.example",
    code="ABCD-EFGH-IJKL-MNOP",
    expires_at=dt.datetime(2026, 12, 24, 18, 0, tzinfo=dt.UTC),
)
SETTINGS = {
    "installation_mode": "force_installed",
    "toolbar_pin": "force_pinned",
    "update_url": WISH.update_url,
}
MANAGED = {"serverUrl": WISH.server, "enrolmentToken": WISH.code}


def test_the_registry_file_sets_both_browsers_below_the_extensions_own_id() -> None:
    text = windows.files(WISH)["windows/quillgate.reg"]
    keys = re.findall(r"^\[HKEY_LOCAL_MACHINE\\(.+)\]\r$", text, re.MULTILINE)
    assert keys == [
        f"SOFTWARE\\Policies\\{browser}\\{place}"
        for browser in ("Google\\Chrome", "Microsoft\\Edge")
        for place in (f"ExtensionSettings\\{ID}", f"3rdparty\\extensions\\{ID}\\policy")
    ]
    values = dict(re.findall(r'^"(\w+)"="(.*)"\r$', text, re.MULTILINE))
    assert values == {**SETTINGS, **MANAGED}
    assert text.startswith("Windows Registry Editor Version 5.00\r\n")
    assert "Forcelist" not in text


def test_what_is_set_can_be_taken_back() -> None:
    gone = windows.files(WISH)["windows/remove.reg"]
    assert gone.count("[-HKEY_LOCAL_MACHINE\\") == 4
    assert "\\policy]" not in gone


def test_the_scripts_want_the_same_as_the_registry_file_and_look_before_they_say_so() -> None:
    made = windows.files(WISH)
    for name in ("windows/Set-Quillgate.ps1", "windows/Test-Quillgate.ps1"):
        script = made[name]
        assert script.count("Key = 'HKLM:\\SOFTWARE\\Policies\\") == 10
        assert f"Value = '{WISH.code}'" in script
        assert "Get-Trouble" in script
        assert "exit 1" in script
        assert script.count("{") == script.count("}")
        assert script.isascii()  # Windows PowerShell 5.1 reads anything else in the wrong alphabet


def test_no_value_can_break_out_of_a_script() -> None:
    odd = Wish("x", ID, "https://a/'; Remove-Item C:\\ #", 'https://b/"', "c", WISH.expires_at)
    made = windows.files(odd)
    assert "'https://a/''; Remove-Item C:\\ #'" in made["windows/Set-Quillgate.ps1"]
    assert '"serverUrl"="https://b/\\""' in made["windows/quillgate.reg"]
    line = r'\[-?HKEY_LOCAL_MACHINE\\[^\]"]+\]|"\w+"="(?:[^"\\]|\\["\\])*"'
    for name in ("windows/quillgate.reg", "windows/remove.reg"):
        head, *lines = made[name].split("\r\n")
        assert head == "Windows Registry Editor Version 5.00"
        assert [one for one in lines if one and not re.fullmatch(line, one)] == []


def test_the_profile_holds_what_jamf_gets_one_by_one() -> None:
    made = apple.files(WISH)
    profile = plistlib.loads(made["macos/quillgate.mobileconfig"].encode())
    assert profile["PayloadDisplayName"].endswith(WISH.client)
    domains = {payload["PayloadType"]: payload for payload in profile["PayloadContent"]}
    for browser in ("com.google.Chrome", "com.microsoft.Edge"):
        assert domains[browser]["ExtensionSettings"] == {ID: SETTINGS}
        ours = domains[f"{browser}.extensions.{ID}"]
        assert {name: ours[name] for name in MANAGED} == MANAGED
    for domain, payload in domains.items():
        alone = plistlib.loads(made[f"macos/jamf/{domain}.plist"].encode())
        assert alone.items() <= payload.items()
    assert len({payload["PayloadUUID"] for payload in domains.values()}) == len(domains)
    assert apple.files(WISH) == made


def test_the_linux_policy_names_both_parts_and_its_script_is_a_shell_script(tmp_path: Path) -> None:
    made = linux.files(WISH)
    policy = json.loads(made["linux/quillgate.json"])
    assert policy["ExtensionSettings"] == {ID: SETTINGS}
    assert policy["3rdparty"]["extensions"] == {ID: MANAGED}
    script = tmp_path / "install.sh"
    script.write_text(made["linux/install.sh"])
    assert subprocess.run(["/bin/sh", "-n", str(script)], check=False).returncode == 0


def test_every_name_that_is_written_is_one_the_extension_reads() -> None:
    schema = json.loads((Path(__file__).parents[3] / "extension/managed_schema.json").read_text())
    assert WISH.managed.keys() <= schema["properties"].keys()


def test_a_wish_never_shows_its_code() -> None:
    assert WISH.code not in repr(WISH)
