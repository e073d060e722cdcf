/** `/join` and `/leave`: what is entered behind them waits, and is carried out where they lead. */
import { ConfabError, describeError } from "../../base/errors.ts";
import { parseSlash, type SlashCommand, unslash } from "../../wire/slash.ts";
import type { ChatModel } from "../model/chat_model.ts";
import { handle } from "../model/event_handlers.ts";
import { close, show } from "../model/going.ts";
import { lose } from "../model/lost_places.ts";
import { meantNow } from "../model/meant.ts";
import type { Move, WaitingLine } from "../model/moves.ts";
import type { Order, View } from "../model/view.ts";

export interface MoveOptions {
  /** The order, where it has waited for another. */
  readonly order: Order | undefined;
  /** Carries a line out in a place; `false` when it is not taken. */
  readonly carryOut: (
    model: ChatModel,
    text: string,
    view: View | undefined,
    order?: Order,
  ) => boolean;
}

/** Whether a command leads to another room. */
export function isMove({ name }: SlashCommand): boolean {
  return /^(join|leave|part)$/i.test(name);
}

export function orderOf(line: string): Order {
  return { line: line.trim(), state: "waiting", view: undefined };
}

/** Goes where a command leads, and carries out there what was entered meanwhile. */
export async function move(
  model: ChatModel,
  command: SlashCommand,
  view: View | undefined,
  options: MoveOptions,
): Promise<void> {
  const { moves, views } = model;
  const order = options.order ??
    orderOf(`/${command.name} ${command.args}`);
  const isLeaving = command.name.toLowerCase() !== "join";
  if (isLeaving && view !== undefined && isLeftHere(view)) {
    close(model, view);
    order.state = "arrived";
    order.view = views.current;
    return;
  }
  const begun = moves.begin(view, order, view === views.current);
  model.host.changed();
  let left: string;
  try {
    left = await ask(model, command, view);
  } catch (error) {
    const isOver = error instanceof ConfabError && error.code === "closed";
    // What waits is named at the end of the chat.
    if (!isOver) refused(model, begun, error);
    return;
  }
  arrived(model, begun, left);
  goOn(model, begun, options);
}

/** Whether the server need not be asked to leave a place. */
function isLeftHere(view: View): boolean {
  return view.isPrivate || view.state === "gone";
}

/**
 * Asks for a move, again after a cut: it leads to the same place twice. Gives the room that is left
 * by it.
 */
async function ask(
  model: ChatModel,
  { name, args }: SlashCommand,
  view: View | undefined,
): Promise<string> {
  const again = { cut: "again" } as const;
  const asked = async (args: string, room: string) => {
    const place = room === "" ? {} : { room };
    const command = { type: "command", name, args, ...place } as const;
    const answer = await model.ask(command, again);
    // That one is in a room is seen by its name.
    const isTold = answer.type === "ack" && name.toLowerCase() !== "join";
    const text = isTold ? answer.text : undefined;
    if (text !== undefined) model.out.other({ type: "notice", text });
    handle(model, answer);
    return args.startsWith("+") ? "" : room;
  };
  const { here } = model;
  if (name.toLowerCase() !== "join") {
    return await asked(args, view?.name ?? here);
  }
  const isOut = view !== undefined && !view.isPrivate &&
    (view.state === "gone" || !model.client.rooms.includes(view.name));
  const room = view === undefined || view.isPrivate || isOut ? here : view.name;
  if (args.startsWith("+")) return await asked(args, room);
  // Who is in that room no more leaves no other in its place.
  if (isOut) return await asked(`+${args}`, here);
  try {
    return await asked(args, room);
  } catch (error) {
    const isGone = error instanceof ConfabError && error.code === "no-room";
    if (!isGone) throw error;
    return await asked(`+${args}`, model.here);
  }
}

function arrived(model: ChatModel, begun: Move, leftRoom: string): void {
  const { moves, views, here } = model;
  const { order, isFollowed } = begun;
  moves.end(begun);
  order.state = "arrived";
  const left = views.find(leftRoom);
  // Where one is in no room, one is still in a conversation.
  order.view = here === ""
    ? views.all.findLast((view) => view !== left)
    : views.open(here);
  order.view?.reopen();
  const isLeft = left !== undefined && left !== order.view &&
    !model.client.rooms.includes(left.name);
  if (isFollowed) {
    if (isLeft) views.close(left);
    const { current } = views;
    if (order.view !== current) show(model, order.view, "followed");
    // Back in the room that was lost, with what was typed there.
    else model.host.moved(current, current, "followed");
    model.host.changed();
    return;
  }
  carryDraft(model, order);
  if (isLeft) lose(model, left, "left");
  const number = order.view === undefined
    ? ""
    : ` (${views.numberOf(order.view)})`;
  model.out.note(`${order.line} led to ${here || "no room"}${number}`);
}

/** What was typed for where it leads, before the person went elsewhere, waits there. */
function carryDraft({ views }: ChatModel, order: Order): void {
  const { view } = order;
  const from = views.all.find((one) => one.draftMeant?.order === order);
  if (from === undefined || view === undefined || view.draft !== "") return;
  view.draft = from.draft;
  view.draftMeant = from.draftMeant;
  from.draft = "";
  from.draftMeant = undefined;
}

/** Carries out what waited, up to the next that leads on. */
function goOn(model: ChatModel, begun: Move, { carryOut }: MoveOptions): void {
  const { moves, views, host } = model;
  const rest: WaitingLine[] = [...begun.waiting];
  const { isFollowed, order: { view } } = begun;
  for (let line = rest.shift(); line !== undefined; line = rest.shift()) {
    const before = moves.last;
    const at = isFollowed ? views.current : view;
    const isTaken = carryOut(model, line.text, at, line.order);
    if (!isTaken) host.giveBack(at, line.text, meantNow(model));
    const { last } = moves;
    if (last === undefined || last === before) continue;
    // It leads on: the others go along.
    for (const one of rest) moves.wait(last, one);
    return;
  }
}

/** It leads nowhere: what waited for it comes back to be typed, commands are named. */
function refused(model: ChatModel, begun: Move, error: unknown): void {
  const { moves, out, host } = model;
  const { order, from, waiting } = begun;
  moves.end(begun);
  order.state = "refused";
  out.fault(`${order.line}: ${describeError(error)}`);
  const texts: string[] = [];
  for (const line of waiting) {
    const command = parseSlash(line.text);
    if (line.order !== undefined) line.order.state = "refused";
    if (command === undefined || command.name === "") texts.push(line.text);
    else out.fault(`not done: ${line.text}`);
  }
  if (texts.length === 0) return;
  const [first, ...others] = texts;
  const text = [first, ...others.map(unslash)].join("\n");
  host.giveBack(from, text, { ...meantNow(model), order });
  out.note("what you entered after it is in the line again");
}
