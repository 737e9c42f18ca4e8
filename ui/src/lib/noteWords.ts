/** What the user's notes say, in words. */
import type { KeyNote } from "../bindings";
import type { Telling } from "./clock";
import { dayOf } from "./notes";
import { dateOf } from "./time";

/** "3 Mar 2027" */
export function reviewDate(reviewOn: string): string {
  return dateOf(`${reviewOn}T00:00:00`);
}

type Words = Pick<KeyNote, "purpose" | "owner" | "storedIn" | "reviewOn">;

/** Each part that it has, with what it is: "Owner: Ada". What the key is for stands by itself. */
export function partsOf({ purpose, owner, storedIn, reviewOn }: Words): string[] {
  return [
    purpose,
    owner === "" ? "" : `Owner: ${owner}`,
    storedIn === "" ? "" : `Kept in: ${storedIn}`,
    reviewOn === null ? "" : `Review: ${reviewDate(reviewOn)}`,
  ].filter((part) => part !== "");
}

/** Of a review's day: whether it has come. */
export const review: Telling<"due" | ""> = {
  tell: (reviewOn, now) => (reviewOn !== "" && reviewOn <= dayOf(now) ? "due" : ""),
  next: (reviewOn, now) => {
    const begins = Date.parse(`${reviewOn}T00:00:00`);
    return begins > now ? begins : null;
  },
};
