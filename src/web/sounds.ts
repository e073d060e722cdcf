/** Two small sounds, made when they are heard: two soft notes for a call, a tick for a room. */

/** Notes: hertz, when they begin and how long they fade, in seconds, and how loud they are, to 1. */
type Note = readonly [hertz: number, at: number, fade: number, gain: number];

const SOUNDS: Readonly<Record<"call" | "other", readonly Note[]>> = {
  call: [[587.33, 0, 0.35, 0.09], [880, 0.12, 0.5, 0.09]],
  other: [[440, 0, 0.12, 0.04]],
};
/** How fast a note is there: at once would be a crack. */
const ATTACK_S = 0.01;
const SILENCE = 0.0001;

let context: AudioContext | undefined;

/** Plays one, as far as the browser lets the page be heard: not before the person has done something. */
export function play(kind: "call" | "other"): void {
  if (navigator.userActivation?.hasBeenActive === false) return;
  try {
    context ??= new AudioContext();
    context.resume().catch(() => {});
    for (const note of SOUNDS[kind]) sound(context, note);
  } catch {
    // Without a device there is nothing to be heard.
  }
}

function sound(
  context: AudioContext,
  [hertz, at, fade, loud]: Note,
): void {
  const begin = context.currentTime + at;
  const end = begin + ATTACK_S + fade;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(SILENCE, begin);
  gain.gain.exponentialRampToValueAtTime(loud, begin + ATTACK_S);
  gain.gain.exponentialRampToValueAtTime(SILENCE, end);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(begin);
  oscillator.stop(end);
}
