#!/usr/bin/python3
"""Prints the figures of HACKING.md's budgets: lengths of functions and files, parameters.
People judge them; nothing fails."""
import collections
import os
import subprocess
import sys

FOLDERS = ("base", "store", "rules", "image", "sync", "scim", "backend", "cli", "tests")


def functions(folder):
    files = [os.path.join(path, name) for path, _, names in os.walk(folder)
             for name in names if name.endswith(".c")]
    if not files:
        return [], []
    listed = subprocess.run(["ctags", "--languages=C", "--kinds-C=f", "--fields=+neS", "-f", "-",
                             *files], capture_output=True, text=True, check=True).stdout
    found = []
    for line in listed.splitlines():
        fields = dict(part.split(":", 1) for part in line.split("\t")[3:] if ":" in part)
        if "end" not in fields:
            continue
        length = int(fields["end"]) - int(fields["line"]) + 1
        signature = fields.get("signature", "()")
        parameters = 0 if signature in ("()", "(void)") else signature.count(",") + 1
        found.append((length, parameters, line.split("\t")[0], line.split("\t")[1]))
    sizes = [(sum(1 for _ in open(name, encoding="utf-8")), name) for name in files]
    return found, sizes


def main():
    print(f"{'folder':8} {'functions':>9} {'median':>6} {'90 %':>5} {'longest':>7} "
          f"{'>5 par.':>7} {'files':>5} {'largest':>7}")
    notes = collections.defaultdict(list)
    for folder in FOLDERS:
        found, sizes = functions(folder)
        if not found:
            continue
        lengths = sorted(length for length, *_ in found)
        print(f"{folder:8} {len(found):9} {lengths[len(lengths) // 2]:6} "
              f"{lengths[len(lengths) * 9 // 10]:5} {lengths[-1]:7} "
              f"{sum(1 for f in found if f[1] > 5):7} {len(sizes):5} {max(sizes)[0]:7}")
        notes["functions over 60 lines"] += [f"{f[3]}: {f[2]} {f[0]}" for f in found if f[0] > 60]
        notes["files over 600 lines"] += [f"{name} {size}" for size, name in sizes if size > 600]
    for title, lines in notes.items():
        print(f"\n{title}: {', '.join(lines) if lines else 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
