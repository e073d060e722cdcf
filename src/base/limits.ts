/** Every limit: first those of the wire, then those chosen here. The unit ends the name. */

// ---- The wire (docs/protocol.md) ----

/** Longest payload of a frame. */
export const FRAME_MAX_BYTES = 65_535;
/** Longest payload of a handshake frame, and the most held before it is known what a peer is. */
export const HANDSHAKE_FRAME_MAX_BYTES = 1_024;
/** Bytes of the first payload that tell what a connection speaks. */
export const FIRST_PAYLOAD_BYTES = 8;
/** Most data in one record: with its length and padding, and the tag, it must fit a frame. */
export const RECORD_DATA_MAX_BYTES = 65_470;
/** Longest header of the PROXY protocol, as a line (its specification) and binary (chosen here). */
export const PROXY_LINE_MAX_BYTES = 107;
export const PROXY_HEADER_MAX_BYTES = 536;
/** Most bytes of a first line that are looked at, whether it is a request of HTTP. */
export const HTTP_LINE_BYTES = 1_024;
/** The plaintext of a record is a multiple of this. */
export const RECORD_PAD_BYTES = 64;
/** Records of one direction under one key (Noise `REKEY` follows). */
export const REKEY_AFTER_RECORDS = 65_536;
/** Longest text of a chat, in code points. */
export const TEXT_MAX_CODE_POINTS = 4_000;
/** Combining marks in a row in a text: what no writing system needs is dropped. */
export const TEXT_MARKS_IN_A_ROW = 30;
/** Longest name of a person, in code points. */
export const NAME_MAX_CODE_POINTS = 32;
/** Longest name of a room, in code points. */
export const ROOM_MAX_CODE_POINTS = 64;
/** Combining marks in a row in a name. */
export const NAME_MARKS_IN_A_ROW = 2;
/** Longest `id` of a chat or a command, in characters. */
export const ID_MAX_CHARS = 64;
/** Longest arguments of a command, in code points. */
export const ARGS_MAX_CODE_POINTS = 4_200;
/** Longest password or invite, in code points. */
export const SECRET_MAX_CODE_POINTS = 256;
/** Longest link of an invite. */
export const INVITE_LINK_MAX_CHARS = 2_048;
/** Rooms that one `resume` may name. */
export const RESUME_MAX_ROOMS = 128;
/** Ids remembered of a person. */
export const IDS_REMEMBERED = 1_024;
/** Chats and commands without an answer on a connection. */
export const UNANSWERED_MAX = 256;
/** Messages that a join replays. */
export const JOIN_REPLAY_MESSAGES = 50;
/** Most messages in a page of history. */
export const HISTORY_PAGE_MESSAGES = 100;
/** Most messages that a resume replays of a room; the rest is `skipped`. */
export const RESUME_REPLAY_MESSAGES = 10_000;
/** Names that a bare terminal may try where it is asked for one. */
export const NAME_TRIES = 5;
/** Longest line of an old client. */
export const LINE_MAX_BYTES = 16_384;
/** A keyed connection that was cut has this long to come back before its person counts as left. */
export const CUT_GRACE_MS = 15_000;
/** A name that was changed stays its person's for this long. */
export const FORMER_NAME_KEPT_MS = 7 * 24 * 3_600_000;
/** A name that nobody used for this long is free. */
export const UNUSED_NAME_KEPT_MS = 180 * 24 * 3_600_000;
/** `typing` is passed on at most once in this time. */
export const TYPING_INTERVAL_MS = 3_000;
/** In larger rooms `typing` is not passed on. */
export const TYPING_ROOM_MAX_PEOPLE = 50;
/** In larger rooms `presence` takes the place of `joined` and `left`. */
export const PRESENCE_ROOM_MAX_PEOPLE = 200;
/** How often `presence` is said. */
export const PRESENCE_INTERVAL_MS = 1_000;
/** A `read` mark is passed on at most once in this time. */
export const READ_INTERVAL_MS = 1_000;

// ---- Chosen here ----

/** Time for opening and hello. */
export const OPENING_MS = 10_000;
/** The same for unsealed peers from loopback, where a person may be thinking. */
export const OPENING_LOOPBACK_MS = 3_600_000;
/** Silence after which a peer that said `hello` is asked for a sign of life. */
export const PING_AFTER_IDLE_MS = 30_000;
/** A peer of which no byte moved for this long is gone. */
export const DEAD_AFTER_MS = 90_000;
/** When the system gave no connection, it is asked again after this. */
export const ACCEPT_RETRY_MS = 50;
/** How often deadlines are looked at. */
export const SWEEP_INTERVAL_MS = 1_000;
/** What is queued for everyone at a graceful stop has this long to be sent. */
export const STOP_FLUSH_MS = 5_000;
/** What is queued for one connection at its end has this long to be sent. */
export const CLOSE_FLUSH_MS = 5_000;
/** After a graceful stop clients are told to come back no sooner than this. */
export const RESTART_RECONNECT_MS = 1_000;

/** Messages a person may say at once. */
export const RATE_BURST = 20;
/** Messages a person may say a second, in the long run. */
export const RATE_PER_SECOND = 10;
/**
 * The same of an address (IPv4, or IPv6 /64), as so many people's: an office that talks does not
 * come near it, and it is what one stranger with any number of keys can say.
 */
export const PER_ADDRESS_RATE = 3;
export const PER_ADDRESS_BURST = 5;
/** What counts by address counts by site (IPv6 /48), too: as so many addresses. */
export const PER_SITE_SHARE = 3;
/** A request waits so long for what others at its address take, before it is refused. */
export const REQUEST_WAIT_MS = 2_000;
/** Who has to wait for so long is told of in the log. */
export const SLOWED_MS = 1_000;
/** Buckets of each kind (a person's, an address's); the oldest is forgotten for one more. */
export const RATE_BUCKETS = 65_536;
/** Buckets of each kind that are looked at in a second, whether they are full again. */
export const RATE_BUCKETS_SWEPT = 8_192;
/**
 * Bytes of answers and replays that a person may be sent at once, and a second in the long run; an
 * address as so many people.
 */
export const ANSWER_BYTES_BURST = 16 * 1_024 * 1_024;
export const ANSWER_BYTES_PER_SECOND = 1_024 * 1_024;
export const PER_ADDRESS_ANSWERS = 2;
/** What requests cost, in messages. */
export const COST_CHAT = 1;
/** What is passed on to others at times only, of the rate of an address. */
export const COST_SIGN_SHARED = 1 / 8;
export const COST_JOIN = 2;
export const COST_NAME = 2;
export const COST_HISTORY = 5;
/** What goes through all rooms, or all people of one. */
export const COST_LIST = 5;
/** It sends everyone in every room of a person a list of who is there. */
export const COST_AWAY = 5;
export const COST_SEARCH = 10;
/** Rooms of a `hello` that cost nothing, and how many of the others cost as much as a message. */
export const HELLO_FREE_ROOMS = 4;
export const HELLO_ROOMS_PER_TOKEN = 4;
/** A millisecond of the event loop, where work is measured. */
export const COST_LOOP_MS = 1 / 5;
/** Bytes of answers that weigh as much as a message: as long as each is what a person may have. */
export const ANSWER_BYTES_PER_TOKEN = ANSWER_BYTES_PER_SECOND / RATE_PER_SECOND;
/** It may note many who are in a room. */
export const COST_LOCK = 10;

/** Connections that have not had their `welcome`. */
export const NOT_READY_CONNECTIONS = 256;
/** Connections of one address (IPv4, or IPv6 /64). */
export const PER_ADDRESS_CONNECTIONS = 64;
/** Handshakes a second of one address. */
export const PER_ADDRESS_HANDSHAKES_PER_SECOND = 8;
/** Connections in all, and those of this machine beyond: who runs it gets in when it is full. */
export const MAX_CONNECTIONS = 10_000;
export const MORE_LOCAL_CONNECTIONS = 8;
/** Connections that are told why they are refused, at once; more are just closed. */
export const REFUSALS_AT_ONCE = 64;
/** They have this long to read why. */
export const REFUSAL_FLUSH_MS = 1_000;

/** The head of a request: bytes, and lines. */
export const HTTP_HEAD_MAX_BYTES = 8_192;
export const HTTP_HEAD_LINES = 64;
/** Time for a request to be there, and to the next one. */
export const HTTP_HEAD_MS = 5_000;
/** Time of a connection that speaks HTTP, from its first bytes to its end or its WebSocket. */
export const HTTP_CONNECTION_MS = 30_000;
/** Requests of a connection: the answer to the last one ends it. */
export const HTTP_REQUESTS = 100;
/** Fragments of a WebSocket's message, and reads that one of them may come in. */
export const WEB_SOCKET_FRAGMENTS = 16;
export const WEB_SOCKET_READS = 1_024;
/** Pongs that wait to be read by who pings. */
export const WEB_SOCKET_PONGS = 4;
/**
 * A message of fewer bytes is more work than bytes, as pings and pongs are: there may be so many of
 * them at once, and so many a second in the long run.
 */
export const WEB_SOCKET_SHORT_BYTES = 256;
export const WEB_SOCKET_SHORT_BURST = 1_024;
export const WEB_SOCKET_SHORT_PER_SECOND = 512;
/** A message of fewer bytes says nothing: of those there may be fewer. */
export const WEB_SOCKET_LITTLE_BYTES = 16;
export const WEB_SOCKET_LITTLE_BURST = 256;
export const WEB_SOCKET_LITTLE_PER_SECOND = 32;
/** What an answer of HTTP is charged besides its content: the work of a request, as bytes. */
export const HTTP_ANSWER_BYTES = 4_096;

/** Bytes queued for a connection. */
export const OUTBOX_BYTES = 256 * 1_024;
/** A connection that fell behind is fed again when this little is queued. */
export const OUTBOX_LOW_BYTES = 64 * 1_024;
/** Pieces of what is queued that are held apart before they are joined. */
export const OUTBOX_CHUNKS = 1_024;
/**
 * Connections that came or went after which garbage is collected in the next quiet moment, or this
 * part of those that are open if that is more: a collection goes through what all of them hold.
 */
export const COLLECT_AFTER_EVENTS = 256;
export const COLLECT_AFTER_PART = 1 / 4;
/** Nothing moves between two looks: the moment is quiet. */
export const QUIET_LOOK_MS = 60;
/** Writes that begin in one turn of the event loop: what the runtime does on its short way. */
export const WRITES_PER_LOOP = 100;
/** Rooms of a person. */
export const ROOMS_PER_PERSON = 64;
/** Rooms created a day and address. */
export const ROOMS_CREATED_PER_DAY = 1_000;
/** Operators of a room, and people whom a lock finds there and keeps. */
export const ROOM_OPERATORS = 1_000;
export const LOCKED_IN_PEOPLE = 1_000;
/** People in each list of a room that is looked up one by one: banned, muted, invited. */
export const ROOM_LIST_RECORDS = 1_000_000;
/**
 * Bans, mutes and invitations of rooms, a day and address: they stay, and what bounds the history
 * does not take them away. Loopback is not counted, nor are administrators.
 */
export const LISTED_PER_DAY = 10_000;
/** Bans of the server, and how many of them an answer lists. */
export const SERVER_BANS = 1_000_000;
export const BANS_PAGE = 100;
/** How long it is remembered that somebody who was banned or muted came from an address. */
export const SANCTION_ADDRESS_MS = 24 * 3_600_000;
/** Addresses of one person that are remembered. */
export const SANCTION_ADDRESSES = 8;
/** People whose address is remembered for a while when they leave, those who left last. */
export const LAST_SEEN_PEOPLE = 16_384;
export const LAST_SEEN_MS = 3_600_000;
/** People of the same name whose bans or mutes are lifted together. */
export const SANCTIONS_OF_A_NAME = 256;
/** Invitations of earlier locks that are forgotten at a time, and of how many locks. */
export const UNINVITED_PER_TICK = 1_000;
export const UNLOCKS_PER_TICK = 100;
/** Longest reason of a ban of the server, in code points: it fits a frame of the handshake. */
export const WHY_MAX_CODE_POINTS = 200;
/** Longest topic and away text, in code points. */
export const TOPIC_MAX_CODE_POINTS = 300;
export const AWAY_MAX_CODE_POINTS = 100;
/** Somebody who is not here any more counts as away for so long after having said so. */
export const AWAY_KEPT_MS = 7 * 24 * 3_600_000;
/** How long an invite is good for, unless it is said, and at most. */
export const INVITE_KEPT_MS = 7 * 24 * 3_600_000;
export const INVITE_KEPT_MAX_MS = 90 * 24 * 3_600_000;
/** People that one invite lets in. */
export const INVITE_USES_MAX = 10_000;
/** Invites that are open at once. */
export const INVITES_OPEN = 1_000;
/** How often the allow-list is looked at, and how long it may be. */
export const ALLOW_LIST_LOOK_MS = 1_000;
export const ALLOW_LIST_MAX_BYTES = 8 * 1_024 * 1_024;
/** Administrators that were made by links. */
export const ADMINS_APPOINTED = 100;
/** How long the link is good for that makes an administrator. */
export const ADMIN_LINK_KEPT_MS = 24 * 3_600_000;
/** Messages that a search finds. */
export const SEARCH_RESULTS = 50;
/** Rooms and conversations of a search in all, and how many are asked about for that. */
export const SEARCH_ROOMS = 128;
export const SEARCH_ROOMS_ASKED = 256;
/** Of those the ones with the most people; all else are those where something was said last. */
export const SEARCH_ROOMS_FULLEST = 64;
/** Words of a search. */
export const SEARCH_WORDS = 8;
/** Names that people had in the last days and that are kept for each. */
export const FORMER_NAMES_KEPT = 16;
/**
 * What is known of a name goes so long after it was noted: when it has been free for as long as it
 * takes to be free. Of one that is in use it is noted anew after the second.
 */
export const NAME_RECORD_KEPT_MS = 450 * 24 * 3_600_000;
export const NAME_RECORD_RENEWED_MS = 90 * 24 * 3_600_000;
/** Names that look alike and are noted: those that were taken before that was looked at. */
export const LOOK_NAMES = 16;
/** People who are remembered to have been told that a person's name was another's before. */
export const WARNED_PEOPLE = 256;
/** People of whom a connection that wants no acks is remembered to know whether they are here. */
export const PRESENCES_TOLD = 256;
/** People on a list of a room that are looked at to show it, the last of them as text. */
export const SANCTIONS_SHOWN = 1_000;
/** Names that are looked at together when all are. */
export const LOOKS_NOTED_NAMES = 1_000;
/** Names that people claim a day and address; loopback is not counted. */
export const NAMES_CLAIMED_PER_DAY = 1_000;
/** Strangers whose private messages somebody has not read. */
export const WAITING_SENDERS = 256;
/** Unread private conversations that are replayed at `hello`, and that are looked at for that. */
export const CONVERSATIONS_REPLAYED = 50;
export const CONVERSATIONS_LISTED = 1_024;
/** Those of the others that are named then. */
export const CONVERSATIONS_NAMED = 256;
/** Private conversations that a connection hears: of more, one begins anew when it goes on. */
export const CONVERSATIONS_HEARD = 256;
/** Rooms whose read marks are kept of a person, and how long without a new one. */
export const ROOM_MARKS = 256;
export const ROOM_MARKS_KEPT_MS = 180 * 24 * 3_600_000;
/** People whose private messages a person does not want. */
export const BLOCKED_PEOPLE = 256;
/** Private messages that wait to be read, for each sender and receiver. */
export const WAITING_PRIVATE_MESSAGES = 100;
/** People listed in `users` on entering a larger room; `/users` lists as many as a frame holds. */
export const USERS_LISTED = 200;

/**
 * With more rooms than so many that have people, `/list` may be this old: it goes through all of
 * them.
 */
export const ROOMS_LISTED_ANEW = 256;
export const ROOMS_LISTED_KEPT_MS = 1_000;
/** Rooms without people that are listed, and the most recently used that are looked at for it. */
export const EMPTY_ROOMS_LISTED = 100;
export const EMPTY_ROOMS_LOOKED = 500;

/** Effects after which a turn is committed without waiting for its end. */
export const TURN_EFFECTS = 8_192;
/** Messages kept of a room for those near its head; bytes of memory, also of all rooms together. */
export const RING_MESSAGES = 256;
export const RING_BYTES = 64 * 1_024;
export const RINGS_BYTES = 64 * 1_024 * 1_024;
/** Messages of a room that are read first: they tell how many more there is a place for. */
export const RING_PROBE_MESSAGES = 8;
/** Messages read from the journal at once for one that fell behind. */
export const JOURNAL_PAGE_MESSAGES = 200;
/** Entries of own commits that wait in memory for one that follows the journal. */
export const FOLLOW_QUEUE_ENTRIES = 8_192;
/** How often those who follow look whether another program has written to the database. */
export const FOLLOW_LOOK_INTERVAL_MS = 1_000;
/** Entries whose heads are not noted yet, before they are: a start reads what is not noted. */
export const HEADS_NOTED_ENTRIES = 4_096;
/** Records (those with long lists count as more) and heads of rooms that are kept in memory. */
export const RECORDS_KNOWN = 32_768;
export const HEADS_KNOWN = 32_768;
/** Rooms, and people, whose numbers in the database are remembered. */
export const NUMBERS_KNOWN = 16_384;
/** How long a write to the database waits for another program's, and everybody with it. */
export const DATABASE_BUSY_MS = 1_000;
/**
 * Wait after one wrong password of an address; it doubles with each further one, to the longest.
 * The longest is less than a client waits for its `welcome`: a few slips must not keep everybody at
 * the address out.
 */
export const GUESS_DELAY_MS = 1_000;
export const GUESS_DELAY_MAX_MS = 8_000;
/** Wrong passwords of a provider (IPv6 /32) count as one for each so many: sites are many there. */
export const PER_PROVIDER_SHARE = 64;
/** Wrong passwords of an address that has not guessed for this long are forgotten. */
export const GUESSES_FORGOTTEN_MS = 3_600_000;
/** Addresses, sites and providers whose wrong passwords are remembered, those of the last tries. */
export const GUESSING_ADDRESSES = 16_384;
/** Addresses and sites whose rooms and names of a day are counted; the oldest are forgotten. */
export const COUNTED_ADDRESSES = 65_536;
/** Lines of the log about the same of one address, in this time, before they are counted. */
export const LOG_REPEATED_LINES = 5;
export const LOG_REPEAT_MS = 60_000;
/** The same of what one moderator does. */
export const LOG_MODERATED_LINES = 60;
/** The same of connections of one address. */
export const LOG_CONNECTED_LINES = 60;
/** Those whose lines of an event are counted; of all others together how many there were. */
export const LOG_REPEATS = 1_024;
/** How long the search index waits before it follows what was said. */
export const INDEX_DELAY_MS = 100;
/** How long work behind the turns takes at a time, while everybody waits, and its pauses between. */
export const SLICE_MS = 6;
export const SLICE_PAUSE_MIN_MS = 0.5;
export const SLICE_PAUSE_MAX_MS = 32;
/** Code points of texts that it takes in at a time, as it has learned how long they take. */
export const INDEX_SLICE_MIN_CHARS = 2_048;
export const INDEX_SLICE_CHARS = 8_192;
export const INDEX_SLICE_MAX_CHARS = 65_536;
/** An entry counts as so many more than it has. */
export const INDEX_ENTRY_CHARS = 32;
/** Pages of the index that are merged at a time, and how many pieces it takes in before that. */
export const INDEX_MERGE_PAGES = 256;
export const INDEX_PIECES = 4;
/** How long a search works at a time, and in all: then it says how far back it has looked. */
export const SEARCH_SLICE_MS = 5;
export const SEARCH_BUDGET_MS = 50;
/** What the price of a search covers; so much more of the event loop costs a token. */
export const SEARCH_PRICED_MS = 20;
export const SEARCH_TOKEN_MS = 2;
/** Searches of a connection that wait for their answers. */
export const SEARCHES_WAITING = 4;
/** Trigrams of its words that a search asks the index for. */
export const SEARCH_TRIGRAMS = 8;
/** The database's log of changes is cut to this when it begins anew. */
export const DATABASE_LOG_BYTES = 4 * 1_024 * 1_024;
/** Entries of a room among which one's own last is looked for. */
export const LAST_OWN_ENTRIES = 1_000;
/** How often it is looked whether something is to be taken away, or was erased. */
export const KEEPER_INTERVAL_MS = 250;
/** How often records and messages are looked for whose time is over. */
export const EXPIRY_INTERVAL_MS = 60_000;
/** Records and rooms that go at a time, when theirs is over. */
export const EXPIRED_RECORDS = 500;
/** A room where nothing is left of what was said is forgotten after this. */
export const EMPTY_ROOM_KEPT_MS = 180 * 24 * 3_600_000;
/** Oldest messages that are taken away at a time, as it is learned how long they take. */
export const TRIM_MIN_ENTRIES = 16;
export const TRIM_ENTRIES = 128;
export const TRIM_MAX_ENTRIES = 1_024;
/** How often the database's log of changes is emptied, if it has something that was removed. */
export const CLEANSE_LOG_INTERVAL_MS = 1_000;
/** How long erased messages' trigrams wait in the index, at least, before it is written anew. */
export const CLEANSE_INDEX_DELAY_MS = 10_000;
/** Pages of it that are written at a time. */
export const CLEANSE_MIN_PAGES = 8;
export const CLEANSE_PAGES = 64;
export const CLEANSE_MAX_PAGES = 512;
/**
 * Parts of what may be used of the disk: above the first the oldest messages are taken away until
 * the second is reached.
 */
export const DISK_HIGH_PART = 15 / 16;
export const DISK_LOW_PART = 14 / 16;
/** After so many messages it is looked how much is used, whenever that was looked at last. */
export const DISK_LOOK_ENTRIES = 64;
/** Less cannot be set: the log of changes alone needs this much. */
export const DISK_LEAST_MIB = 16;
/** With less free on the disk nothing new is taken, and with this much it is again. */
export const DISK_RESERVE_BYTES = 64 * 1_024 * 1_024;
export const DISK_RESERVE_AGAIN_BYTES = 80 * 1_024 * 1_024;
/** A socket's read buffer, at rest and while data flows. */
export const READ_BUFFER_MIN_BYTES = 512;
export const READ_BUFFER_MAX_BYTES = 65_536;

/** How long a server's next key is announced before it is shown, and the longest that may be. */
export const KEY_ROTATION_DAYS = 30;
export const KEY_ROTATION_MAX_DAYS = 3_650;
/** How often a server looks whether it is to change its key. */
export const KEY_LOOK_INTERVAL_MS = 1_000;
/** How often the certificate of TLS is looked at. */
export const CERTIFICATE_LOOK_MS = 1_000;
/** How long a certificate of the server's own is good, and how long before it ends another comes. */
export const CERTIFICATE_DAYS = 397;
export const CERTIFICATE_RENEWED_DAYS = 30;

/** Connections that watch the server. */
export const WATCHERS = 32;
/** A step of what is kept of the last hour, and how many there are. */
export const MONITOR_STEP_MS = 10_000;
export const MONITOR_STEPS = 360;
/** Looks at the counters, a second each, over which rates and quantiles go. */
export const RATE_LOOKS = 10;
/** How old a survey of all connections may be for whoever asks in between. */
export const SURVEY_KEPT_MS = 1_000;
/** How often a watcher gets new lines of the log. */
export const LOG_SHOWN_INTERVAL_MS = 250;
/** Connections that are shown, rooms of each, and how often though nothing has changed. */
export const CONNECTIONS_SHOWN = 200;
export const CONNECTION_ROOMS_SHOWN = 8;
export const CONNECTIONS_SHOWN_INTERVAL_MS = 10_000;
/** Lines of the log that are kept for watchers, and with how many of them one begins. */
export const LOG_KEPT_LINES = 500;
export const LOG_SHOWN_LINES = 200;
/** Longest text in a field of a line that is kept, in characters. */
export const LOG_VALUE_CHARS = 512;

// ---- The client ----

/** Of the log that is watched: lines that are kept, fields of one, and characters of its event. */
export const WATCHED_LOG_LINES = 2_000;
export const WATCHED_LOG_FIELDS = 24;
export const WATCHED_EVENT_CHARS = 200;
/** Without a status for so long, the server is asked again whether it may be watched. */
export const WATCH_STALLED_MS = 15_000;
/** How often who watches asks for the rooms. */
export const ROOMS_WATCHED_INTERVAL_MS = 10_000;

/** What a client takes of a name of a person or room, a key or word, a text: code points. */
export const SERVER_NAME_MAX_CODE_POINTS = 128;
export const SERVER_LINE_MAX_CODE_POINTS = 256;
export const SERVER_TEXT_MAX_CODE_POINTS = 16_384;
/** Words of the server that stand in a line of the client's own, in code points. */
export const SERVER_WORDS_MAX_CODE_POINTS = 300;
/** Words of whoever answered in place of the server, whose key was not seen. */
export const UNVERIFIED_WORDS_MAX_CODE_POINTS = 120;
/** The last moment that a `Date` can show, in milliseconds UTC. */
export const DATE_MAX_MS = 8_640_000_000_000_000;
/** The longest that a client waits because a server asks for it. */
export const PAUSE_MAX_MS = 300_000;
/** Bytes of messages that wait for whoever takes the client's events. */
export const EVENTS_MAX_BYTES = 16 * 1_024 * 1_024;
/** A connection that has lived for this long was a good one: after it, the first wait is short. */
export const GOOD_CONNECTION_MS = 10_000;
/** First and longest wait before connecting again. */
export const RECONNECT_MIN_MS = 500;
export const RECONNECT_MAX_MS = 30_000;
/** How long a connection may take to be there. */
export const CONNECT_MS = 10_000;
/** Bytes that a page has got and not read: a browser cannot be told to wait. */
export const WEB_UNREAD_MAX_BYTES = 32 * 1_024 * 1_024;
/** How long a server has for a sign of life, where the connection may have been lost unnoticed. */
export const PROBE_MS = 5_000;
