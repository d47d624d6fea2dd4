#!/usr/bin/env python3
"""Writes zone_oracle.hpp: when "daily at ..." is due around clock changes, by Python's zoneinfo.

    python3 zone_oracle.py > zone_oracle.hpp

An instant here is the first second at which the zone's clock shows the reading or a later one. That one sentence covers
the plain day, the gap (the moment when it ends) and the hour that comes twice (its first pass). It is found by search
over UTC, so it shares no idea with the code under test. Most years are over, so that no law can change them; the others
are beyond the tables of most zone files.
"""
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

CASES = [  # zone, times of day, a day or two before the change, how many instants
    ("Europe/Berlin", "2:30", "2024-03-29T12:00", 4),  # gap
    ("Europe/Berlin", "1:59:59, 2:00, 2:30, 3:00", "2024-03-30T12:00", 6),  # all of the gap is one instant
    ("Europe/Berlin", "2:30", "2024-10-26T12:00", 3),  # overlap
    ("Europe/Berlin", "1:30, 2:00, 2:30, 3:00", "2024-10-26T12:00", 6),
    ("Europe/Berlin", "9:00, 17:30", "2050-03-25T00:00", 6),
    ("America/New_York", "2:00", "2024-03-09T00:00", 3),
    ("America/New_York", "1:30", "2024-11-02T00:00", 4),
    ("America/New_York", "9:00", "2024-11-02T00:00", 3),
    ("Australia/Lord_Howe", "2:15", "2024-10-04T00:00", 4),  # half an hour is skipped
    ("Australia/Lord_Howe", "1:45", "2024-04-05T00:00", 4),  # half an hour comes twice
    ("Australia/Lord_Howe", "9:00", "2050-07-01T00:00", 2),
    ("America/St_Johns", "2:30", "2024-03-09T00:00", 3),  # half an hour off the full hours of UTC
    ("America/St_Johns", "0:00:30, 23:30", "2006-10-28T00:00", 6),  # the hour before 0:01 comes twice, across midnight
    ("America/St_Johns", "0:30", "2006-03-31T00:00", 4),  # the hour after 0:01 is skipped
    ("Africa/Casablanca", "2:30", "2023-03-17T00:00", 4),  # DST is suspended for Ramadan
    ("Africa/Casablanca", "2:30", "2023-04-21T00:00", 4),
    ("America/Sao_Paulo", "0:00", "2018-11-02T00:00", 4),  # midnight itself is skipped
    ("America/Sao_Paulo", "23:30", "2018-02-16T00:00", 3),  # the hour before midnight comes twice
    ("Pacific/Apia", "9:00", "2011-12-28T00:00", 4),  # a whole day is skipped
    ("Asia/Kathmandu", "9:00", "2024-01-01T00:00", 2),  # never changes, 5:45 from UTC
    ("UTC", "0:00, 12:00", "2024-02-28T12:00", 4),  # a leap day
]


def seconds(text):
    parts = [int(part) for part in text.split(":")] + [0]
    return parts[0] * 3600 + parts[1] * 60 + parts[2]


def reading(zone, at):
    return datetime.fromtimestamp(at, timezone.utc).astimezone(zone).replace(tzinfo=None)


def first_instant(zone, wanted):
    guess = int(wanted.replace(tzinfo=timezone.utc).timestamp())
    # A clock that falls back could fool a bisection, so step to the hour first.
    hour = next(t for t in range(guess - 48 * 3600, guess + 48 * 3600, 900) if reading(zone, t) >= wanted)
    low, high = hour - 900, hour
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reading(zone, middle) >= wanted else (middle, high)
    return high


def instants(zone, times, after, count):
    start = int(datetime.fromisoformat(after).replace(tzinfo=timezone.utc).timestamp())
    day = datetime.fromisoformat(after[:10]) - timedelta(days=2)
    wanted = [day + timedelta(days=d, seconds=seconds(t)) for d in range(10) for t in times.split(", ")]
    return sorted(at for at in {first_instant(zone, w) for w in wanted} if at > start)[:count]


def iso(at):
    return datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


print("// When \"daily at ...\" is due around clock changes, by Python's zoneinfo. Made by zone_oracle.py.")
print("#pragma once\n\nnamespace taskcore {\n")
print("struct OracleCase {\n  const char* zone;\n  const char* times;\n  const char* after;\n  const char* due;\n};\n")
print("// clang-format off\nconstexpr OracleCase kOracle[] = {")
for name, times, after, count in CASES:
    due = instants(ZoneInfo(name), times, after, count)
    print(f'    {{"{name}", "{times}", "{after}:00Z",')
    for i in range(0, len(due), 4):
        chunk = " ".join(iso(at) for at in due[i : i + 4])
        last = i + 4 >= len(due)
        print(f'     "{chunk}"}},' if last else f'     "{chunk} "')
print("};\n// clang-format on\n\n}  // namespace taskcore")
