/** Why somebody does something, as it stands behind a command: a line of people's words. */
import { ProtocolError } from "../../base/errors.ts";
import { WHY_MAX_CODE_POINTS } from "../../base/limits.ts";

/** @throws {ProtocolError} `bad-arguments` when it is too long. */
export function readWhy(text: string): string | undefined {
  const why = text.replace(/\s+/g, " ").trim();
  const length = [...why].length;
  if (length > WHY_MAX_CODE_POINTS) {
    throw new ProtocolError(
      "bad-arguments",
      `a reason has ${length} characters, at most ${WHY_MAX_CODE_POINTS} are allowed`,
    );
  }
  return why === "" ? undefined : why;
}
