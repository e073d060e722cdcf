/** What the hub keeps in the directory: the kinds of records, and what they hold. */

/** A person with a key: the name it holds, and when the person was last here (milliseconds UTC). */
export interface PersonRecord {
  readonly name?: string;
  /** Since when it holds the name; 0, or nothing, where that was not noted. */
  readonly since?: number;
  /** Names before that, folded, of which some are kept for it; once it was one name. */
  readonly former?: readonly string[] | string;
  readonly usedAt: number;
  /** When the record of the name was last told to stay. */
  readonly renewedAt?: number;
  /** When it came to hold a name at all; nothing where that was not noted. */
  readonly namedAt?: number;
}

/** Who holds a name (by its folded form), or held it last. A former name is kept until a time. */
export interface NameRecord {
  readonly person: string;
  readonly name: string;
  readonly keptUntil?: number;
  /** The name was somebody else's before, until this time. */
  readonly changedHandsAt?: number;
}

/** Names, folded, that look like each other, by what they look like. */
export interface LookRecord {
  readonly names: readonly string[];
}

/** What a change of the directory has come to that is made once: the version of its rules. */
export interface UpgradeRecord {
  readonly version: string;
}

/** What is held against somebody on a list (`sanctions.ts`). Times are milliseconds UTC. */
export interface SanctionRecord {
  /** The name at the time, if there was one. */
  readonly name?: string;
  readonly at: number;
  readonly until?: number;
  /** Where the one who is on the list was then, as limits count addresses. */
  readonly addresses?: readonly string[];
  /** Whose doing it is, by name, and why. */
  readonly by?: string;
  readonly why?: string;
}

/** Who on a list was at an address, when that was, and how long it is remembered. */
export interface NearRecord {
  readonly of: string;
  readonly at: number;
  readonly until: number;
}

/** How many are on a list for good, and until when there may be others. */
export interface ListSummary {
  readonly count: number;
  readonly until?: number;
}

/** The bans of the server: also by lengths of networks, such as `4/24`. */
export interface ServerBansRecord extends ListSummary {
  readonly networks?: Readonly<Record<string, ListSummary>>;
}

/** What is known of a room besides its messages; people are fingerprints. */
export interface RoomRecord {
  readonly name: string;
  /** Who made it. */
  readonly creator?: string;
  readonly operators?: readonly string[];
  readonly lists?: { readonly [K in "ban" | "mute"]?: ListSummary };
  readonly locked?: boolean;
  /** How many are invited, and how often all invitations were taken back. */
  readonly invited?: number;
  readonly unlocks?: number;
  readonly topic?: {
    readonly text: string;
    readonly by: string;
    readonly at: number;
  };
}

/** A conversation of two. */
export interface ConversationRecord {
  /** Who has written in it; both, where that is not noted. */
  readonly wrote?: readonly string[];
  /** How many messages of each wait for the other, by the sender's key. */
  readonly waiting?: Readonly<Record<string, number>>;
  /** How far each has read it. */
  readonly read?: Readonly<Record<string, number>>;
}

/** A conversation that its person has not read to the end, and about when it went on. */
export interface UnreadRecord {
  readonly at: number;
}

/** How far a person has read rooms, and when that was noted (milliseconds UTC). */
export interface ReadRecord {
  readonly rooms: Readonly<
    Record<string, { readonly seq: number; readonly at: number }>
  >;
}

/** Somebody whose private messages a person does not want, under the name of that time. */
export interface BlockRecord {
  readonly name: string;
}

/** An invite that is open, by the hash of its secret. */
export interface InviteRecord {
  /** Fingerprint of who made it, and when (milliseconds UTC). */
  readonly by: string;
  readonly at: number;
  readonly room?: string;
  /** How many keys it still lets in, and until when (milliseconds UTC). */
  readonly uses: number;
  readonly expires: number;
}

/** A key that an invite let in: whose that was, and when it was used (milliseconds UTC). */
export interface AdmittedRecord {
  readonly by: string;
  readonly at: number;
  /** The hash of the invite's secret. */
  readonly invite?: string;
}

/** A key that the link for it made an administrator, and when (milliseconds UTC). */
export interface AdminRecord {
  readonly at: number;
}

/** Why somebody is away, and when that was said (milliseconds UTC). */
export interface AwayRecord {
  readonly text: string;
  readonly at: number;
}

/** What is all in its key. */
export type EmptyRecord = Readonly<Record<string, never>>;

/** Kinds of records, and what they hold. */
export interface RecordKinds {
  person: PersonRecord;
  name: NameRecord;
  look: LookRecord;
  "room-look": LookRecord;
  upgrade: UpgradeRecord;
  room: RoomRecord;
  talk: ConversationRecord;
  /** By person and conversation: of people whom it has written to, and of strangers. */
  inbox: UnreadRecord;
  request: UnreadRecord;
  /** By person. */
  read: ReadRecord;
  /** By person, and the key of whom it blocks. */
  block: BlockRecord;
  invite: InviteRecord;
  /** By fingerprint. */
  admitted: AdmittedRecord;
  admin: AdminRecord;
  away: AwayRecord;
  /** By room and target, room and name and target, room and address. */
  ban: SanctionRecord;
  "ban-name": EmptyRecord;
  "ban-near": NearRecord;
  mute: SanctionRecord;
  "mute-name": EmptyRecord;
  "mute-near": NearRecord;
  /** The same without a room; all of them together. */
  "server-ban": SanctionRecord;
  "server-ban-name": EmptyRecord;
  "server-ban-near": NearRecord;
  "server-bans": ServerBansRecord;
  /** By room, its `unlocks` at the time, and person; those of a room that count for nothing. */
  invited: EmptyRecord;
  uninvited: EmptyRecord;
}
