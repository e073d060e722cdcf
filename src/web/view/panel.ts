/** Which of the side panels a narrow screen shows. */
export type Panel = "none" | "places" | "people";
