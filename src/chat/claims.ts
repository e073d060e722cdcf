/** Who holds which name, as the directory has it: claimed by keys, kept for a while, and free again. */
import { ProtocolError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import {
  FORMER_NAME_KEPT_MS,
  FORMER_NAMES_KEPT,
  NAME_RECORD_KEPT_MS,
  NAME_RECORD_RENEWED_MS,
  UNUSED_NAME_KEPT_MS,
} from "../base/limits.ts";
import { HOUR_MS } from "../base/time.ts";
import { foldName } from "../wire/fold.ts";
import { nameLooks } from "../wire/names.ts";
import { Looks } from "./looks.ts";
import type { NameRecord, PersonRecord } from "./record_kinds.ts";
import type { Records } from "./records.ts";

/** How long the record of a person's last visit may be out of date. */
const USED_PRECISION_MS = HOUR_MS;

export class Claims {
  readonly #records: Records;
  readonly #isHere: (key: string) => boolean;
  readonly looks: Looks;

  /** `isHere` says whether the person of a key is here. */
  constructor(records: Records, isHere: (key: string) => boolean) {
    this.#records = records;
    this.#isHere = isHere;
    this.looks = new Looks(
      records,
      "look",
      (folded, now) => !this.isFree(folded, undefined, now),
    );
  }

  /** The name that a person holds. */
  heldBy(key: string): string | undefined {
    return this.#records.get("person", key)?.name;
  }

  /** Whether a person held any name at a moment, as far as that was noted, and does. */
  heldOneAt(key: string, at: number): boolean {
    const record = this.#records.get("person", key);
    return record?.name !== undefined && (record.namedAt ?? 0) <= at;
  }

  holderOf(name: string): { key: string; name: string } | undefined {
    const claim = this.#records.get("name", foldName(name));
    if (claim === undefined || this.heldBy(claim.person) !== claim.name) {
      return undefined;
    }
    return { key: claim.person, name: claim.name };
  }

  /** Who had a name that is kept for its former holder; its key. */
  formerHolderOf(name: string, now: number): string | undefined {
    const claim = this.#records.get("name", foldName(name));
    return claim !== undefined && isKept(claim, now) ? claim.person : undefined;
  }

  /** Whether somebody can have a name, folded; `key` is none for a guest. */
  isFree(folded: string, key: string | undefined, now: number): boolean {
    const claim = this.#records.get("name", folded);
    if (claim === undefined || claim.person === key) return true;
    if (this.#freeAt(claim) > now) return false;
    return claim.keptUntil !== undefined || !this.#isHere(claim.person);
  }

  /** Whether a key holds a name, folded, or it is kept for it. */
  isOwn(folded: string, key: string, now: number): boolean {
    const claim = this.#records.get("name", folded);
    return claim?.person === key &&
      (claim.keptUntil === undefined || isKept(claim, now));
  }

  /** Whether the person has not used its name for so long that it is free. */
  isUnused(key: string, now: number): boolean {
    const { usedAt } = this.#records.get("person", key)!;
    return usedAt + UNUSED_NAME_KEPT_MS <= now;
  }

  /** What to tell others of a person called so, whose name was somebody else's not long ago. */
  strangerNotice(
    name: string,
    key: string | undefined,
    now: number,
  ): string | undefined {
    const claim = this.#records.get("name", foldName(name));
    if (claim === undefined) return undefined;
    const since = claim.person === key
      ? claim.changedHandsAt
      : this.#freeAt(claim);
    if (since === undefined || since + UNUSED_NAME_KEPT_MS <= now) {
      return undefined;
    }
    const why = key === undefined
      ? "this is a guest without a key"
      : "the key is another";
    return `this ${name} is not the ${name} of before: ${why}`;
  }

  /**
   * A key claims a name, which must be free; the one that it had is kept for it.
   *
   * @throws {ProtocolError} `limit-reached` or `not-stored`.
   */
  claim(key: string, name: string, now: number): void {
    const folded = foldName(name);
    const record = this.#records.get("person", key);
    const former = this.#formerOf(key, record, folded, now);
    this.#leave(key, record, folded, now);
    const before = this.#records.get("name", folded);
    const isOther = before !== undefined && before.person !== key;
    if (isOther) this.#lose(before.person, folded, now);
    const changedHandsAt = isOther ? now : before?.changedHandsAt;
    this.#loseAlike(key, name, now);
    const until = untilOf(now);
    const claim = { person: key, name, ...given({ changedHandsAt }) };
    this.#records.put("name", folded, claim, { until });
    this.looks.note({ written: name, folded }, before?.name, now, { until });
    const isSame = record?.name !== undefined &&
      foldName(record.name) === folded;
    const namedAt = record?.name === undefined ? now : record.namedAt;
    this.#records.put("person", key, {
      name,
      usedAt: now,
      since: isSame ? record.since ?? 0 : now,
      renewedAt: now,
      ...given({ namedAt }),
      ...(former.length === 0 ? {} : { former }),
    }, { until });
  }

  /** A person who holds a name is here, or was until now. */
  used(key: string, now: number): void {
    const record = this.#records.get("person", key);
    if (record?.name === undefined || record.usedAt + USED_PRECISION_MS > now) {
      return;
    }
    const isDue = (record.renewedAt ?? 0) + NAME_RECORD_RENEWED_MS <= now;
    if (isDue) this.#renew(record.name, now);
    this.#records.putLater("person", key, {
      ...record,
      usedAt: now,
      ...(isDue ? { renewedAt: now } : {}),
    }, { until: untilOf(now) });
  }

  /** The records of a name that is in use stay for longer. */
  #renew(name: string, now: number): void {
    const folded = foldName(name);
    const claim = this.#records.get("name", folded);
    if (claim === undefined) return;
    const until = untilOf(now);
    this.#records.putLater("name", folded, claim, { until });
    this.looks.note({ written: name, folded }, undefined, now, { until });
  }

  /** From when on others may have a name whose holder is not here. */
  #freeAt({ person, keptUntil }: NameRecord): number {
    if (keptUntil !== undefined) return keptUntil;
    const usedAt = this.#records.get("person", person)?.usedAt ?? -Infinity;
    return usedAt + UNUSED_NAME_KEPT_MS;
  }

  /**
   * Names, folded, that are kept for a key when it is called `next`.
   *
   * @throws {ProtocolError} `limit-reached`: it could keep all names that there are.
   */
  #formerOf(
    key: string,
    record: PersonRecord | undefined,
    next: string,
    now: number,
  ): string[] {
    const before = typeof record?.former === "string"
      ? [record.former]
      : record?.former ?? [];
    const former = before.filter((one) =>
      one !== next && this.isOwn(one, key, now)
    );
    const held = record?.name === undefined ? next : foldName(record.name);
    if (held === next) return former;
    const kept = [...former.filter((one) => one !== held), held];
    if (kept.length > FORMER_NAMES_KEPT) this.#refuse(kept[0]!, now);
    return kept;
  }

  /** @throws {ProtocolError} `limit-reached`. */
  #refuse(oldest: string, now: number): never {
    const { keptUntil = now } = this.#records.get("name", oldest) ?? {};
    const hours = Math.ceil((keptUntil - now) / HOUR_MS);
    const wait = hours > 48
      ? `${Math.ceil(hours / 24)} days`
      : hours === 1
      ? "an hour"
      : `${hours} hours`;
    throw new ProtocolError(
      "limit-reached",
      `you had ${FORMER_NAMES_KEPT} other names in the last days, which are kept for you: ` +
        `take one of them, or another in ${wait}`,
    );
  }

  /** Keeps the name that a person had for a while, and what is known of it for longer. */
  #leave(
    key: string,
    record: PersonRecord | undefined,
    next: string,
    now: number,
  ): void {
    if (record?.name === undefined || foldName(record.name) === next) return;
    const folded = foldName(record.name);
    const claim = this.#records.get("name", folded);
    this.#records.put("name", folded, {
      ...claim,
      person: key,
      name: record.name,
      keptUntil: now + FORMER_NAME_KEPT_MS,
    }, { until: untilOf(now) });
  }

  /** Nobody used the name for so long that it is free: who had it comes back without one. */
  #lose(key: string, folded: string, now: number): void {
    const record = this.#records.get("person", key);
    if (record?.name === undefined || foldName(record.name) !== folded) return;
    const { usedAt } = record;
    this.#records.put("person", key, { usedAt }, { until: untilOf(now) });
  }

  /** So it is with free names that look like the one that is claimed. */
  #loseAlike(key: string, name: string, now: number): void {
    for (const folded of this.looks.alike(nameLooks(name))) {
      const claim = this.#records.get("name", folded);
      if (claim === undefined || claim.person === key) continue;
      if (claim.keptUntil !== undefined) continue;
      if (!this.isFree(folded, key, now)) continue;
      this.#lose(claim.person, folded, now);
      const free = { ...claim, keptUntil: now };
      this.#records.put("name", folded, free, { until: untilOf(now) });
    }
  }
}

function isKept({ keptUntil }: NameRecord, now: number): boolean {
  return keptUntil !== undefined && keptUntil > now;
}

/** From when on records that are written now count for nothing, if nobody uses the name again. */
function untilOf(now: number): number {
  return now + NAME_RECORD_KEPT_MS;
}
