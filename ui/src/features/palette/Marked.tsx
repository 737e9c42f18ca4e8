/** A text in which the letters that were looked for stand out a little. */
import styles from "./Palette.module.css";

interface Piece {
  text: string;
  isMarked: boolean;
}

/** Runs of letters that are marked or not. Counted in code units, but no character is ever cut in two. */
function piecesOf(text: string, marks: readonly number[]): Piece[] {
  const marked = new Set(marks);
  const pieces: Piece[] = [];
  let place = 0;
  for (const character of text) {
    const isMarked = marked.has(place);
    const last = pieces.at(-1);
    if (last?.isMarked === isMarked) last.text += character;
    else pieces.push({ text: character, isMarked });
    place += character.length;
  }
  return pieces;
}

export function Marked({ text, marks }: { text: string; marks: readonly number[] }) {
  if (marks.length === 0) return text;
  return piecesOf(text, marks).map(({ text: piece, isMarked }, at) =>
    isMarked ? (
      <mark key={at} className={styles.mark}>
        {piece}
      </mark>
    ) : (
      piece
    ),
  );
}
