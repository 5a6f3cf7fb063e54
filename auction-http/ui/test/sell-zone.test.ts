import { describe, expect, test } from "vitest";
import { offsetAt, offsetName, readWall, UTC, wallOf, zones } from "../src/features/sell/zone";

const at = (iso: string) => Date.parse(iso);
const one = (iso: string) => ({ kind: "one", at: at(iso) });

describe("a wall time", () => {
  test("is the instant at which clocks there show it", () => {
    expect(readWall("2027-01-15T20:00", "Europe/Madrid")).toEqual(one("2027-01-15T19:00:00Z"));
    expect(readWall("2027-07-15T20:00", "Europe/Madrid")).toEqual(one("2027-07-15T18:00:00Z"));
    expect(readWall("2027-07-15T20:00", UTC)).toEqual(one("2027-07-15T20:00:00Z"));
    expect(readWall("2027-07-15T20:00:07", "America/New_York")).toEqual(one("2027-07-16T00:00:07Z"));
  });

  test("may lie in zones of half and quarter hours, and on the other side of the date line", () => {
    expect(readWall("2027-03-01T00:10", "Asia/Kathmandu")).toEqual(one("2027-02-28T18:25:00Z"));
    expect(readWall("2027-03-01T00:10", "Pacific/Kiritimati")).toEqual(one("2027-02-28T10:10:00Z"));
    expect(readWall("2027-03-01T23:30", "Pacific/Niue")).toEqual(one("2027-03-02T10:30:00Z"));
  });

  test("never comes where clocks are put forward over it", () => {
    const gap = { kind: "never", from: "2027-03-28T02:00", to: "2027-03-28T03:00" };
    expect(readWall("2027-03-28T02:00", "Europe/Madrid")).toEqual(gap);
    expect(readWall("2027-03-28T02:59", "Europe/Madrid")).toEqual(gap);
    expect(readWall("2027-03-28T01:59", "Europe/Madrid")).toEqual(one("2027-03-28T00:59:00Z"));
    expect(readWall("2027-03-28T03:00", "Europe/Madrid")).toEqual(one("2027-03-28T01:00:00Z"));
  });

  test("comes twice where clocks are put back over it", () => {
    const twice = { kind: "twice", first: at("2027-10-31T00:30:00Z"), second: at("2027-10-31T01:30:00Z") };
    expect(readWall("2027-10-31T02:30", "Europe/Madrid")).toEqual(twice);
    expect(readWall("2027-10-31T01:59", "Europe/Madrid")).toEqual(one("2027-10-30T23:59:00Z"));
    expect(readWall("2027-10-31T03:00", "Europe/Madrid")).toEqual(one("2027-10-31T02:00:00Z"));
  });

  test("may be skipped or repeated by half an hour, and in the south in the other half of the year", () => {
    const gap = { kind: "never", from: "2027-10-03T02:00", to: "2027-10-03T02:30" };
    expect(readWall("2027-10-03T02:15", "Australia/Lord_Howe")).toEqual(gap);
    expect(readWall("2027-04-04T01:45", "Australia/Lord_Howe").kind).toBe("twice");
  });

  test("may be a whole day that a country left out", () => {
    expect(readWall("2011-12-30T12:00", "Pacific/Apia")).toEqual({
      kind: "never",
      from: "2011-12-30T00:00",
      to: "2011-12-31T00:00",
    });
  });

  test("is none where it is no time of any calendar", () => {
    for (const wall of ["", "2027-02-30T10:00", "2027-13-01T10:00", "2027-01-01T25:00", "2027-01-01", "soon"]) {
      expect(readWall(wall, UTC), wall).toEqual({ kind: "malformed" });
    }
  });
});

test("what clocks show is read back as the same instant, all year, everywhere", () => {
  for (const zone of ["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", UTC]) {
    for (let time = at("2027-01-01T00:00:00Z"); time < at("2028-01-01T00:00:00Z"); time += 7 * 3_600_000 + 60_000) {
      const reading = readWall(wallOf(time, zone), zone);
      const found =
        reading.kind === "one" ? [reading.at] : reading.kind === "twice" ? [reading.first, reading.second] : [];
      expect(found, `${zone} ${time}`).toContain(time);
    }
  }
});

test("seconds are shown only where there are any", () => {
  expect(wallOf(at("2027-01-01T10:00:00.250Z"), UTC)).toBe("2027-01-01T10:00");
  expect(wallOf(at("2027-01-01T10:00:59Z"), UTC)).toBe("2027-01-01T10:00:59");
});

test("a zone has an offset and a name for it at each instant", () => {
  expect(offsetAt("Europe/Madrid", at("2027-07-01T00:00:00Z"))).toBe(7_200_000);
  expect(offsetName("Europe/Madrid", at("2027-07-01T00:00:00Z"))).toBe("GMT+2");
  expect(offsetName("Europe/Madrid", at("2027-01-01T00:00:00Z"))).toBe("GMT+1");
});

test("the zones begin with those that are asked for, each once", () => {
  const all = zones(["Europe/Madrid", UTC]);
  expect(all.slice(0, 2)).toEqual(["Europe/Madrid", UTC]);
  expect(new Set(all).size).toBe(all.length);
  expect(all).toContain("America/New_York");
});
