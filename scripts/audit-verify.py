#!/usr/bin/env python3
"""Judges an export of JamEMR's audit log without any of JamEMR's code: Python 3.9 or later, its standard library alone.

    python3 audit-verify.py EXPORT [--key KEY] [--witness FILE]... [--json]

EXPORT is a file of `jamemr audit export`. KEY is the practice's verifier key as it is known from elsewhere, a tablet for
example; without it the one in the export is believed. A witness is a signed head that somebody outside has kept.
Exit status: 0 whole, 2 altered, 3 gap or cut off, 4 another history than was signed, 5 bad signature, 6 not signed in time,
1 no export. The rules are those of docs/operate/audit.md.
"""

import argparse
import base64
import binascii
import functools
import hashlib
import json
import re
import sys
from datetime import datetime

FAULTS = ["gap", "altered", "bad_signature", "fork", "stale"]
STATUS = {"altered": 2, "gap": 3, "fork": 4, "bad_signature": 5, "stale": 6}
SIGNED_WITHIN = 600.0  # seconds


def sha256(data):
    return hashlib.sha256(data).digest()


# Ed25519 (RFC 8032): verification only, with points in extended coordinates.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P != 0:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - x2) % P != 0:
        return None
    return P - x if (x & 1) != sign else x


def point(data):
    number = int.from_bytes(data, "little")
    y = number & ((1 << 255) - 1)
    x = recover_x(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


def add(a, b):
    s = (a[1] - a[0]) * (b[1] - b[0]) % P
    t = (a[1] + a[0]) * (b[1] + b[0]) % P
    u = 2 * a[3] * b[3] * D % P
    v = 2 * a[2] * b[2] % P
    e, f, g, h = t - s, v - u, v + u, t + s
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(scalar, of):
    result = (0, 1, 1, 0)
    while scalar > 0:
        if scalar & 1:
            result = add(result, of)
        of = add(of, of)
        scalar >>= 1
    return result


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)


def is_signed(key, message, signature):
    a, r = point(key), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = multiply(s, BASE), add(r, multiply(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# Signed notes and checkpoints (C2SP).

NOTE = re.compile(
    r"(\S+)\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)\nepoch "
    r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\ntime (\S+)\n"
)


@functools.lru_cache(maxsize=None)
def open_note(note, vkey):
    """What a signed head says: {size, root, epoch}; None when it does not bear the key's signature."""
    match = re.fullmatch(r"([^+\s]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/]{44})", vkey)
    text, separator, signatures = note.partition("\n\n")
    parts = NOTE.fullmatch(text + "\n")
    if not match or not separator or not parts or parts.group(1) != match.group(1):
        return None
    raw = base64.b64decode(match.group(2))
    if raw[0] != 1:
        return None
    key = raw[1:]
    mark = sha256(match.group(1).encode() + b"\n" + raw)[:4]
    for line in signatures.split("\n"):
        signed = re.fullmatch(r"— (\S+) ([A-Za-z0-9+/]{90}[AEIMQUYcgkosw048]=)", line)
        if not signed or signed.group(1) != match.group(1):
            continue
        signature = base64.b64decode(signed.group(2))
        if len(signature) == 68 and signature[:4] == mark and is_signed(key, (text + "\n").encode(), signature[4:]):
            return {"size": int(parts.group(2)), "root": base64.b64decode(parts.group(3)), "epoch": parts.group(4)}
    return None


# The log.


class NoExport(Exception):
    pass


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Log:
    def __init__(self, notes):
        self.notes = notes  # (size, opened or None, witness)
        self.sizes = {size for size, _, _ in notes}
        self.signed_through = max([0] + [size for size, _, witness in notes if not witness])
        self.roots = {}
        self.subtrees = []  # complete subtrees, smallest first; None where there is none
        self.records = 0
        self.restores = []
        self.first_unsigned = None
        self.previous = bytes(32)
        self.fault = None

    def add(self, record):
        seq = self.records + 1
        if record["seq"] != seq:
            self.fault = ("gap", seq)
            return
        body = record["body"].encode("utf-8", "surrogatepass")
        leaf = sha256(b"\x00" + bytes.fromhex(record["salt"]) + body)
        chained = sha256(b"\x02" + self.previous + seq.to_bytes(8, "big") + leaf)
        if leaf.hex() != record["leaf"] or chained.hex() != record["hash"]:
            self.fault = ("altered", seq)
            return
        self.previous = chained
        self.records = seq
        self.grow(leaf)
        if seq in self.sizes:
            self.roots[seq] = self.root()
        if '"action":"restore.executed"' in record["body"]:
            said = json.loads(record["body"])
            if said.get("action") == "restore.executed":
                old = said.get("before")
                self.restores.append(
                    {
                        "seq": seq,
                        "epoch": said["resource"]["id"],
                        "new": int(said["after"]),
                        "old": None if old is None else int(old),
                        "former": said.get("formerEpoch"),
                    }
                )
        if self.first_unsigned is None and seq > self.signed_through:
            self.first_unsigned = instant(json.loads(record["body"])["recordedAt"])

    def grow(self, node):
        level = 0
        while level < len(self.subtrees) and self.subtrees[level] is not None:
            node = sha256(b"\x01" + self.subtrees[level] + node)
            self.subtrees[level] = None
            level += 1
        if level == len(self.subtrees):
            self.subtrees.append(None)
        self.subtrees[level] = node

    def root(self):
        root = None
        for subtree in self.subtrees:
            if subtree is not None:
                root = subtree if root is None else sha256(b"\x01" + subtree + root)
        return root

    def part_of(self, epoch, size):
        """How restores explain a head: 'explained', 'cut', 'unknown', or None where it has to fit."""
        present = next((one for one in reversed(self.restores) if one["seq"] <= size), None)
        ended = next((one for one in self.restores if one["former"] == epoch), None)
        if ended and size > ended["new"]:
            return "cut" if ended["old"] is not None and ended["old"] < size else "explained"
        if present:
            return None if present["epoch"] == epoch else "unknown"
        return "unknown" if any(one["epoch"] == epoch for one in self.restores) else None

    def judge(self, cut, at):
        found = [self.fault] if self.fault else []
        good = 0
        for size, head, _ in sorted(self.notes, key=lambda note: note[0]):
            if head is None:
                found.append(("bad_signature", size))
                continue
            lost = self.part_of(head["epoch"], size)
            if lost == "explained":
                continue
            if lost == "cut" or (size > self.records and not self.fault):
                found.append(("gap", self.records + 1))
            elif size > self.records:
                continue
            elif lost == "unknown" or self.roots[size] != head["root"]:
                found.append(("fork", good + 1))
            else:
                good = size
        if cut and not self.fault:
            found.append(("gap", self.records + 1))
        if found:
            fault, seq = min(found, key=lambda one: (one[1], FAULTS.index(one[0])))
            return {"whole": False, "fault": fault, "seq": seq}
        if self.first_unsigned is not None and self.first_unsigned < at - SIGNED_WITHIN:
            return {"whole": False, "fault": "stale", "seq": self.signed_through + 1}
        signed = self.signed_through or None
        return {"whole": True, "records": self.records, "head": self.previous.hex(), "signed": signed}


def is_hex(text):
    return isinstance(text, str) and re.fullmatch(r"(?:[0-9a-f]{2})*", text) is not None


def parse(line):
    try:
        value = json.loads(line)
    except ValueError:
        raise NoExport("a line of it is none of an audit log")
    if not isinstance(value, dict):
        raise NoExport("a line of it is none of an audit log")
    whole = lambda number: isinstance(number, int) and not isinstance(number, bool)
    if (
        whole(value.get("seq"))
        and isinstance(value.get("body"), str)
        and all(is_hex(value.get(name)) for name in ("salt", "leaf", "hash"))
    ):
        return "record", value
    note = value.get("checkpoint")
    if isinstance(note, dict) and whole(note.get("size")) and isinstance(note.get("note"), str):
        return "checkpoint", note
    log = value.get("log")
    if isinstance(log, dict) and log.get("version") == 1 and isinstance(log.get("key"), str):
        try:
            instant(log["at"])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise NoExport("a line of it is none of an audit log")
        return "log", log
    end = value.get("end")
    if isinstance(end, dict) and whole(end.get("records")):
        return "end", end
    raise NoExport("a line of it is none of an audit log")


def verify(lines, key=None, witnessed=()):
    header, log, end, read, signed = None, None, None, 0, []
    for line in lines:
        kind, value = parse(line)
        if end is not None or (kind == "log") == (header is not None):
            raise NoExport("its lines are not in order")
        if kind == "log":
            header = value
            continue
        if kind == "checkpoint":
            if log is not None:
                raise NoExport("its lines are not in order")
            signed.append(value)
            continue
        if log is None:
            vkey = key or header["key"]
            notes = []
            for one in signed:
                opened = open_note(one["note"], vkey)
                notes.append((one["size"], opened if opened and opened["size"] == one["size"] else None, False))
            for text in witnessed:
                opened = open_note(text, vkey)
                notes.append((opened["size"] if opened else 0, opened, True))
            log = Log(notes)
        if kind == "end":
            end = value
        else:
            read += 1
            if log.fault is None:
                log.add(value)
    if header is None or log is None or end is None:
        raise NoExport("its end is missing")
    return log.judge(end["records"] > read, instant(header["at"]))


WORDS = {
    "altered": "record {} is not what was written",
    "gap": "record {} is missing",
    "fork": "record {} or one after it is another than the one that was signed",
    "bad_signature": "the signed head of {} records does not bear the practice's signature",
    "stale": "record {} and what follows was not signed in time",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", nargs="+")
    parser.add_argument("--key")
    parser.add_argument("--witness", action="append", default=[])
    parser.add_argument("--json", action="store_true", help="one JSON object for each export")
    options = parser.parse_args()
    witnessed = []
    for name in options.witness:
        with open(name, encoding="utf-8") as file:
            witnessed.append(file.read())
    worst = 0
    for name in options.export:
        try:
            with open(name, encoding="utf-8", newline="\n") as file:
                verdict = verify((line for line in file), options.key, witnessed)
        except (NoExport, UnicodeDecodeError, binascii.Error) as error:
            verdict = {"unreadable": str(error) if isinstance(error, NoExport) else "it is not UTF-8"}
        if options.json:
            print(json.dumps(verdict))
        elif "unreadable" in verdict:
            print(f"{name} cannot be read: {verdict['unreadable']}.", file=sys.stderr)
        elif verdict["whole"]:
            print(f"The audit log is whole: {verdict['records']} records, {verdict['signed'] or 0} of them signed, head {verdict['head']}.")
        else:
            print(f"The audit log is NOT whole: {WORDS[verdict['fault']].format(verdict['seq'])}.")
        code = 1 if "unreadable" in verdict else 0 if verdict["whole"] else STATUS[verdict["fault"]]
        worst = worst or code
    sys.exit(worst)


if __name__ == "__main__":
    main()
