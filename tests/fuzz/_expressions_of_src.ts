/** Every regular expression of `src`, and what it is shown. */

import { HOST, STEP } from "../../src/text/addresses.ts";

export interface Row {
  readonly sees: string;
  /** The literals, as often as each is there. */
  readonly literals: readonly RegExp[];
  /** What each `new RegExp` of the file comes to, or one of its kind. */
  readonly made?: readonly RegExp[];
}

/** By file. A new expression is tested by being written here. */
export const EXPRESSIONS: Readonly<Record<string, Row>> = {
  "base/cidr.ts": {
    sees: "arguments of a command, flags, a proxy's header",
    literals: [
      /^(0|[1-9]\d{0,2})$/,
      /^(0|[1-9]\d{0,2})$/,
      /^[0-9a-f]{1,4}$/i,
    ],
  },
  "base/log.ts": {
    sees: "peers' names and reasons",
    literals: [
      /[\p{C}\p{Zl}\p{Zp}]/gu,
      /^[^\s"=\\\p{C}]+$/u,
    ],
  },
  "base/time.ts": {
    sees: "times that were made here",
    literals: [
      /\.\d{3}Z$/,
    ],
  },
  "bench/report.ts": {
    sees: "the system's errors",
    literals: [
      /os error 99\b|EADDRNOTAVAIL|cannot assign requested address/i,
      /too many open files|os error (?:23|24)\b|EMFILE|ENFILE/i,
    ],
  },
  "chat/commands/command.ts": {
    sees: "arguments of a command",
    literals: [
      /\s/,
      /^(\S*)\s*([^]*)$/,
    ],
  },
  "chat/commands/duration.ts": {
    sees: "arguments of a command",
    literals: [
      /^(\d+)([mhdw])$/,
      /^0*$|^0*[^0]\d{4}/,
    ],
  },
  "chat/commands/deletion.ts": {
    sees: "arguments of a command",
    literals: [
      /^\d{0,15}$/,
    ],
  },
  "chat/commands/server_invites.ts": {
    sees: "arguments of a command",
    literals: [
      /\s+/,
      /^@/,
      /^\d+$/,
    ],
  },
  "chat/commands/table.ts": {
    sees: "arguments of a command",
    literals: [
      /^\//,
    ],
  },
  "chat/commands/server_moderation.ts": {
    sees: "arguments of a command",
    literals: [/^@/],
  },
  "chat/commands/why.ts": {
    sees: "arguments of a command",
    literals: [/\s+/g],
  },
  "chat/commands/server_target.ts": {
    sees: "arguments of a command",
    literals: [
      /^@/,
    ],
  },
  "chat/commands/topic.ts": {
    sees: "arguments of a command",
    literals: [
      /\s+/g,
    ],
  },
  "chat/commands/talk.ts": {
    sees: "arguments of a command",
    literals: [
      /\s+/g,
      /^\d{1,3}$/,
    ],
  },
  "chat/commands/search.ts": {
    sees: "arguments of a command",
    literals: [
      /\s+/,
      /^before:(?:(\S+):)?(\d{1,15})$/,
    ],
  },
  "chat/dispatch.ts": {
    sees: "a peer's name of a person",
    literals: [
      /^@/,
    ],
  },
  "cli/called.ts": {
    sees: "messages, which may hold the words of a server",
    literals: [
      /\bconfab(?= (?:serve|join|invite|status|id|forget|purge|rotate-key|bench|help|--help)\b)/g,
      /^deno /,
    ],
  },
  "cli/allow_list.ts": {
    sees: "the file of those who may come",
    literals: [
      /#.*/,
      /^\ufeff/,
    ],
  },
  "cli/asking.ts": {
    sees: "a person's answer",
    literals: [
      /\r?\n$/,
    ],
  },
  "cli/config_file.ts": {
    sees: "the option file, and where its parser stopped",
    literals: [
      /\.ya?ml$/i,
      /^\ufeff/,
      /at line (\d+), column (\d+)/,
      /line \d+ column \d+/,
    ],
  },
  "cli/dial.ts": {
    sees: "a server's address",
    literals: [
      /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/,
      /^[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.%\w]*$/i,
      /lookup|resolve|not known/i,
    ],
  },
  "cli/environment.ts": {
    sees: "a password file",
    literals: [
      /\r?\n$/,
    ],
  },
  "cli/invite.ts": {
    sees: "a flag",
    literals: [
      /^[1-9]\d{0,3}[mhdw]$/,
    ],
  },
  "cli/option_table.ts": {
    sees: "names of flags",
    literals: [
      /-(.)/g,
    ],
  },
  "cli/options.ts": {
    sees: "flags, variables, the option file",
    literals: [
      /^(0|false|no)$/i,
      /^(1|true|yes)$/i,
      /^-+/,
      /^--/,
      /^-?\d+$/,
      /^[\x21-\x7e]+$/,
    ],
  },
  "cli/one_port.ts": {
    sees: "a file or the environment",
    literals: [/^[\x21-\x7e]*$/],
  },
  "cli/questions.ts": {
    sees: "a person's answer, and a name that was refused",
    literals: [
      /[^\p{L}\p{M}\p{Nd}_.-]/gu,
      /\s+/g,
      /^(.*?)(\d{0,9})$/su,
      /^(no?)?$/i,
      /^y(es)?$/i,
    ],
  },
  "cli/serve_options.ts": {
    sees: "a flag",
    literals: [
      /:\d+$/,
      /^(\*\.)?(.*)$/s,
      /^[^\s/\\:@?#%*[\]]+$/,
    ],
  },
  "cli/status.ts": {
    sees: "the environment",
    literals: [/utf-?8/i],
  },
  "cli/status_board.ts": {
    sees: "a server's words, shortened",
    literals: [
      /[^\s-]*(?:-|\s+|$)/g,
      /\s$/,
    ],
  },
  "client/client.ts": {
    sees: "one's own command",
    literals: [
      /^(leave|part)$/i,
      /^join$/i,
    ],
  },
  "gateway/hello.ts": {
    sees: "a peer's line",
    literals: [
      /^(MSG|BYE|HELLO)(?: +(\S*)(?: ([^]*))?)?$/,
      /^HELLO +(\S+)(?: ([^]*))?$/,
    ],
  },
  "gateway/asking.ts": {
    sees: "a peer's line",
    literals: [
      /^\/password\s+(\S.*)$/i,
    ],
  },
  "memory/mention.ts": {
    sees: "a peer's text",
    literals: [
      /[\p{L}\p{M}\p{N}_]+|[^]/gu,
    ],
  },
  "http/guard.ts": {
    sees: "headers of a request, 8 KiB of them",
    literals: [
      /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i,
      /^\[(.*)\]$/,
      /^[^.]+/,
    ],
  },
  "http/headers.ts": {
    sees: "paths of the page's files",
    literals: [/\.[\w-]{8,}\.[a-z0-9]+$/i],
  },
  "http/page_files.ts": {
    sees: "headers of a request, 8 KiB of them",
    literals: [/^W\//, /^W\//],
  },
  "http/requests.ts": {
    sees: "headers of a request, 8 KiB of them",
    literals: [/^Bearer +(\S+) *$/i],
  },
  "net/proxy_header.ts": {
    sees: "a proxy's header",
    literals: [
      /^0\d/,
      /^PROXY (TCP[46]) (\S+) (\S+) (\d{1,5}) (\d{1,5})\r$/,
    ],
  },
  "delivery/ring.ts": {
    sees: "what people said",
    literals: [
      /[\u0100-\uffff]/,
    ],
  },
  "secure/fingerprint.ts": {
    sees: "a fingerprint from anybody",
    literals: [
      /=$/,
      /[AEIMQUYcgkosw048]$/,
      /[\s-]+/,
      /[^A-Za-z0-9+/]/u,
      /^\s*sha256:/i,
    ],
  },
  "server/links.ts": {
    sees: "a flag",
    literals: [
      /%[^]*/,
    ],
  },
  "store/sqlite/data_lock.ts": {
    sees: "the system's errors, the lock file",
    literals: [
      /^\d+$/,
      /locked|busy/i,
    ],
  },
  "store/sqlite/rows.ts": {
    sees: "texts of anybody",
    literals: [
      // deno-lint-ignore no-control-regex
      /[\0\x01\ud800-\udfff]/gu,
      // deno-lint-ignore no-control-regex
      /\x01([01]|d[89a-f]..)/g,
    ],
  },
  "terminal/app.ts": {
    sees: "the name of a key",
    literals: [
      /^alt\+[0-9]$/,
    ],
  },
  "terminal/app_screen.ts": {
    sees: "texts of the server",
    literals: [
      /\s+/g,
    ],
  },
  "terminal/commands/commands.ts": {
    sees: "one's own command",
    literals: [
      /^\d+$/,
      /^(\d+|go|query|close|quit|exit)$/i,
    ],
  },
  "terminal/commands/help.ts": {
    sees: "one's own command",
    literals: [
      /^\//,
    ],
  },
  "terminal/commands/moving.ts": {
    sees: "one's own command",
    literals: [
      /^(join|leave|part)$/i,
    ],
  },
  "terminal/commands/history_commands.ts": {
    sees: "one's own command",
    literals: [
      /^\d*$/,
    ],
  },
  "terminal/commands/place_commands.ts": {
    sees: "one's own command",
    literals: [
      /^\d+$/,
      /^[#@]/,
    ],
  },
  "terminal/commands/search_commands.ts": {
    sees: "one's own command, the words of a search",
    literals: [
      /\s+/,
      /^\d{1,6}$/,
    ],
  },
  "terminal/input/bindings.ts": {
    sees: "a key",
    literals: [
      /[\p{L}\p{N}]/u,
    ],
  },
  "terminal/input/completion.ts": {
    sees: "one's own line",
    literals: [
      /\s/,
      /^(.*):([a-z0-9_+-]+)$/,
      /^\/(\S+)\s+(?:(\S+)\s+)?$/,
      /[ \]]/,
      /^@?/,
      /^\+?#?/,
    ],
  },
  "terminal/input/editor.ts": {
    sees: "one's own line",
    literals: [
      /^[\p{L}\p{N}\p{M}_]/u,
      /^\S/,
    ],
  },
  "terminal/input/input_line.ts": {
    sees: "one's own line",
    literals: [
      /^ /,
    ],
  },
  "terminal/input/keys.ts": {
    sees: "bytes of the terminal",
    literals: [
      // deno-lint-ignore no-control-regex
      /[\x00-\x1f\x7f-\x9f]/,
      /\r\n?/g,
      /^(\d{1,5});(\d{1,5})$/,
      // deno-lint-ignore no-control-regex
      /^\x1b(\x1b?)O([A-Za-z])/,
      // deno-lint-ignore no-control-regex
      /^\x1b\x1b?O?$/,
      // deno-lint-ignore no-control-regex
      /^\x1b(\x1b?)\[([0-?]*)([ -/]*)([@-~])/,
      // deno-lint-ignore no-control-regex
      /^\x1b[\]P^_][^\x07\x1b]*(\x07|\x1b\\)/,
      // deno-lint-ignore no-control-regex
      /^\x1b[\]P^_][^\x07\x1b]*\x1b?$/,
      // deno-lint-ignore no-control-regex
      /^\x1b\x1b?\[[0-?]*[ -/]*$/,
      // deno-lint-ignore no-control-regex
      /^\x1b\[[?\d][\d;]*(?:[A-DFHRc~]|$)/,
      // deno-lint-ignore no-control-regex
      /^\x1b\]11;(?:[rgba]{0,4}(?::[\da-f/]{0,19}\x1b?)?$|rgba?:[\da-f/]{5,19}(?:\x07|\x1b\\))/i,
    ],
  },
  "terminal/input/paste_guard.ts": {
    sees: "a paste",
    literals: [
      /\n[^]/,
    ],
  },
  "terminal/input_lines.ts": {
    sees: "one's own command",
    literals: [
      /^(close|quit|exit)$/i,
    ],
  },
  "terminal/model/meant.ts": {
    sees: "a paste",
    literals: [
      /^\n+/,
    ],
  },
  "terminal/model/views.ts": {
    sees: "one's own command",
    literals: [
      /^\d{1,4}$/,
    ],
  },
  "terminal/process_terminal.ts": {
    sees: "the environment",
    literals: [
      /^(st|linux|rxvt|screen)\b/,
    ],
  },
  "terminal/screen/announcer.ts": {
    sees: "texts of the server",
    literals: [
      /\s+/g,
    ],
  },
  "terminal/screen/cells.ts": {
    sees: "texts of the server",
    literals: [
      /^[\p{Mn}\p{Me}\u200d\ufe00-\ufe0f\u{e0020}-\u{e007f}]$/u,
      /^[\x20-\x7e\n\t]*$/,
    ],
  },
  "terminal/screen/palette.ts": {
    sees: "what a terminal answers, the environment",
    literals: [
      /^rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})/i,
      /^[\w;]*;(\d{1,2})$/,
    ],
  },
  "terminal/screen/sgr.ts": {
    sees: "texts of the server",
    literals: [
      // deno-lint-ignore no-control-regex
      /(\x1b\[[\d;]*m)/,
    ],
  },
  "terminal/screen/wrap.ts": {
    sees: "texts of the server",
    literals: [
      /^[\p{Zs}\p{Default_Ignorable_Code_Point}\t\u2800\u{13441}\u{13442}\u{1d159}]+$/u,
      /^[\p{Zs}\u2800]/u,
      /^[\x21-\x7e]/,
    ],
  },
  "text/command_words.ts": {
    sees: "what a person types",
    literals: [
      /^@/,
      /^@?(\S*)\s*([^]*)$/,
    ],
  },
  "text/emoji.ts": {
    sees: "what a person types",
    literals: [
      /[\s:]+/g,
      /^_|_$/g,
    ],
  },
  "text/markup.ts": {
    sees: "texts of the server",
    literals: [
      /[*_`:[]/,
    ],
  },
  "secure/sealed_key.ts": {
    sees: "a key file or an export",
    literals: [
      /.{1,64}/g,
      /\s/g,
    ],
  },
  "text/addresses.ts": {
    sees: "texts of the server, 10,000 characters of each at most",
    literals: [
      /(?:^|[^a-z\d+.-])(https?)$/i,
      /[\p{Z}\p{Cc}]/u,
      /[\p{Z}\p{Cc}/[\]()]/u,
    ],
    // Ports of five digits cost no more than shorter ones.
    made: [
      new RegExp(HOST.source.replace(/\|\[1-5].*?6553\[0-5]/, ""), "uy"),
      STEP,
    ],
  },
  "text/markup_rules.ts": {
    sees: "texts of the server",
    literals: [
      /[\n*_`:[]/g,
      /[\p{Zs}\t-\r]/u,
      /[\p{P}\p{S}]/u,
      /^\w$/,
      /`+/g,
    ],
    made: [/\[(\/?)(red|yellow|green|cyan|blue|magenta|grey)\]/y],
  },
  "tls/certificate.ts": {
    sees: "files that whoever runs the server has named",
    literals: [
      /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----(?:\r?\n)?/g,
      /-----BEGIN (?:\w+ )?PRIVATE KEY-----/,
      /^(DNS|IP Address):(.+)$/,
      /-----BEGIN ENCRYPTED |^Proc-Type: 4,ENCRYPTED/m,
    ],
  },
  "tls/own_certificate.ts": {
    sees: "names of the machine, flags",
    literals: [/^(?:\*\.)?[\w.-]{1,253}$/],
  },
  "trust/key_file.ts": {
    sees: "an identity file",
    literals: [
      /^-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----$/,
      /^ED/,
    ],
  },
  "trust/judge.ts": {
    sees: "a server's address",
    literals: [
      // deno-lint-ignore no-control-regex
      /[\s\x00-\x1f\x7f#[\]/]/,
      /^\[(.*)\]$/,
    ],
  },
  "trust/known_servers.ts": {
    sees: "the pin file",
    literals: [
      /\r?\n/,
      /^(\[[^\]\s]+\]|[^:\s]+):(\d{1,5})\s+(\S+)\s+(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)(?:\s+next=(\S+))?$/,
    ],
  },
  "trust/next_key.ts": {
    sees: "the file of a server's next key",
    literals: [
      /^shown from (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) on\n([^]*)$/,
    ],
  },
  "web/entry.ts": {
    sees: "what a person types",
    literals: [
      /^[\w-]{21}[AQgw]$/,
    ],
  },
  "web/link.ts": {
    sees: "an address that anybody may have sent",
    literals: [
      /^\//,
    ],
  },
  "web/model/commands.ts": {
    sees: "what a person types",
    literals: [
      /^\* /gm,
      /^\+/,
      /^\//,
      /^\d+$/,
    ],
  },
  "web/model/completion.ts": {
    sees: "what a person types",
    literals: [
      /[[\]]/g,
      /\s+/,
      /\s/,
      /^:([a-z_+-][a-z0-9_+-]+|\+|-1?)$/i,
      /^@/,
      /^\/(?!\/)/,
      /^\/([^\s/]\S*)\s+([^]*)$/,
    ],
  },
  "web/model/events.ts": {
    sees: "a server's words",
    literals: [
      /^\* /gm,
    ],
  },
  "web/model/formatting.ts": {
    sees: "what a person types",
    literals: [
      /\S/,
    ],
  },
  "web/model/monitor_actions.ts": {
    sees: "a server's words, and what a person types",
    literals: [
      /^stop(?:\s+([^]*))?$/i,
      /^\[([^\]]*)\]/,
    ],
  },
  "web/model/sending.ts": {
    sees: "what a person types",
    literals: [
      /^\n+/,
    ],
  },
  "web/model/switching.ts": {
    sees: "what a person types",
    literals: [
      /\s/,
      /^@/,
      /^@/,
    ],
  },
  "web/view/keys.ts": {
    sees: "names of keys",
    literals: [
      /^(?:Digit|Key)(\w)$/,
      /^Mac|^iP/,
      /^\w+$/,
    ],
  },
  "wire/fingerprint_text.ts": {
    sees: "arguments of a command",
    literals: [
      /^SHA256:[A-Za-z0-9+/]{43}$/,
    ],
  },
  "wire/foreign_words.ts": {
    sees: "a server's words",
    literals: [
      /\s+/gu,
    ],
  },
  "wire/invite_link.ts": {
    sees: "a link from anybody",
    literals: [
      /^confab:\/\/[^/?]*(?:\/([^?]*))?(\?.*)$/,
      /[\s/]/,
      /[^\x21-\x7e]/u,
      /^(?:\[([^[\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/,
      /^([^/?#]*)\/?#([^#]*)$/,
      /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/,
      /^([^:]*):\/\/(.*)$/,
      /^([^=]*)=(.*)$/,
      /^[\da-f:.]{2,45}$/i,
      /^[\w-]{21}[AQgw]$/,
      /^[\w-]{42}[AEIMQUYcgkosw048]$/,
      /^[a-z\d_](?:[a-z\d_.-]{0,251}[a-z\d_])?$/i,
      /^[a-z][a-z\d+.-]*:\/\//i,
    ],
  },
  "wire/fold.ts": {
    sees: "a peer's name",
    literals: [
      /^[\x21-\x7e]+$/,
    ],
  },
  "wire/names.ts": {
    sees: "a peer's name",
    literals: [
      /[\p{L}\p{Nd}]/u,
      /\p{Default_Ignorable_Code_Point}/u,
      /\s+/,
      /^[\p{L}\p{M}\p{Nd}_.-]+$/u,
      /^[\x21-\x7e]+$/,
    ],
    made: [
      /^\p{M}|\p{M}{3}/u,
      /^[\p{Script_Extensions=Latin}\p{Script_Extensions=Han}\p{Script=Common}\p{Script=Inherited}]+$/u,
    ],
  },
  "wire/schema.ts": {
    sees: "names of members, a server's",
    literals: [
      /^[a-z][a-z0-9]{0,63}$/i,
    ],
  },
  "wire/server_fields.ts": {
    sees: "a server's words",
    literals: [
      /\s/gu,
    ],
  },
  "wire/slash.ts": {
    sees: "a peer's text",
    literals: [
      /^\/(\S*)\s*([^]*)$/,
    ],
  },
  "wire/text.ts": {
    sees: "texts of anybody",
    literals: [
      // deno-lint-ignore no-control-regex
      /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
      // deno-lint-ignore no-control-regex
      /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
      /^[\x20-\x7e]*$/,
    ],
    made: [
      /(\p{M}{30})\p{M}+/gu,
    ],
  },
};
