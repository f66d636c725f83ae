"""Windows: a registry file, and two PowerShell scripts that check what they have done.

Extension settings are written below the extension's own id, so that no list of other extensions is
counted, renumbered or replaced.
"""

from collections.abc import Iterator

from backend.services.deployments.wish import BROWSERS, Wish

_ROOT = "SOFTWARE\\Policies"


def files(wish: Wish) -> dict[str, str]:
    """Return the files by name, with the line ends Windows expects."""
    made = {
        "windows/quillgate.reg": _registry(wish),
        "windows/remove.reg": _removal(wish),
        "windows/Set-Quillgate.ps1": _script(wish, _SET),
        "windows/Test-Quillgate.ps1": _script(wish, _TEST),
    }
    return {name: text.replace("\n", "\r\n") for name, text in made.items()}


def _keys(wish: Wish) -> Iterator[tuple[str, dict[str, str]]]:
    for browser in BROWSERS:
        yield f"{_ROOT}\\{browser}\\ExtensionSettings\\{wish.extension_id}", wish.settings
        policy = f"{_ROOT}\\{browser}\\3rdparty\\extensions\\{wish.extension_id}\\policy"
        yield policy, wish.managed


def _registry(wish: Wish) -> str:
    blocks = (
        f"[HKEY_LOCAL_MACHINE\\{key}]\n"
        + "".join(f'"{name}"="{_registry_text(value)}"\n' for name, value in values.items())
        for key, values in _keys(wish)
    )
    return "Windows Registry Editor Version 5.00\n\n" + "\n".join(blocks)


def _removal(wish: Wish) -> str:
    gone = (
        f"[-HKEY_LOCAL_MACHINE\\{key.removesuffix(chr(92) + 'policy')}]\n" for key, _ in _keys(wish)
    )
    return "Windows Registry Editor Version 5.00\n\n" + "\n".join(gone)


def _registry_text(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _script(wish: Wish, body: str) -> str:
    wanted = "".join(
        f"  @{{ Key = {_said('HKLM:' + chr(92) + key)}; Name = {_said(name)};"
        f" Value = {_said(value)} }}\n"
        for key, values in _keys(wish)
        for name, value in values.items()
    )
    return f"$Wanted = @(\n{wanted})\n{body}"


def _said(text: str) -> str:
    """Return a PowerShell text in which nothing is expanded."""
    return "'" + text.replace("'", "''") + "'"


_LOOK = """
function Get-Trouble {
  foreach ($One in $Wanted) {
    $Now = Get-ItemProperty -Path $One.Key -Name $One.Name -ErrorAction SilentlyContinue |
      Select-Object -ExpandProperty $One.Name
    if ($null -eq $Now) { "$($One.Name) is not set in $($One.Key)." }
    elseif ($Now -cne $One.Value) { "$($One.Name) in $($One.Key) has another value." }
  }
}
"""
_TEST = (
    "# Looks whether Quillgate is set as it should be: exit code 0 when it is, 1 when it is not.\n"
    "$ErrorActionPreference = 'Stop'\n"
    + _LOOK
    + """
$Trouble = @(Get-Trouble)
if ($Trouble.Count -eq 0) { Write-Output 'Quillgate is set.'; exit 0 }
Write-Output ($Trouble -join ' ')
exit 1
"""
)
_SET = (
    "# Sets Quillgate for Chrome and Edge and reads it back: exit code 0 only when all is so.\n"
    "# Intune: platform script, as SYSTEM, 64-bit. GPO: computer start-up script. RMM: as SYSTEM.\n"
    "$ErrorActionPreference = 'Stop'\n"
    + _LOOK
    + """
$Log = Join-Path $env:ProgramData 'Quillgate\\deployment.log'
function Write-Line([string]$Words) {
  Write-Output $Words
  try {
    New-Item -ItemType Directory -Force -Path (Split-Path $Log) | Out-Null
    Add-Content -Path $Log -Value "$(Get-Date -Format o) $Words"
  } catch { Write-Output "The log $Log could not be written." }
}
if (-not [Environment]::Is64BitProcess -and [Environment]::Is64BitOperatingSystem) {
  Write-Line 'Nothing was set: a 32-bit PowerShell writes where browsers do not look.'
  Write-Line 'Run the 64-bit one.'
  exit 1
}
try {
  foreach ($One in $Wanted) {
    if (-not (Test-Path $One.Key)) { New-Item -Path $One.Key -Force | Out-Null }
    New-ItemProperty -Path $One.Key -Name $One.Name -Value $One.Value -Force `
      -PropertyType String | Out-Null
  }
} catch {
  Write-Line "Nothing more was set: $($_.Exception.Message)"
  Write-Line 'Run it as SYSTEM or as an administrator.'
  exit 1
}
$Trouble = @(Get-Trouble)
if ($Trouble.Count -gt 0) {
  Write-Line "Set, but not as wanted: $($Trouble -join ' ') Another policy may overwrite it."
  exit 1
}
Write-Line 'Quillgate is set. Browsers take it up within minutes, or when they are started.'
exit 0
"""
)
