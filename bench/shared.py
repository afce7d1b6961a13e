"""What the benches share: how the machine is named, and where their tables go."""
import os, pathlib, re

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), os.uname().machine)
    return f"{os.cpu_count()} cores, {model}, Linux {os.uname().release.split('-')[0]}"


def into_docs(name, text):
    """Takes the place of what stands between the marks of that name."""
    PAGE.write_text(re.sub(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", lambda m: m.group(1) + text + m.group(2), PAGE.read_text(), flags=re.S))
