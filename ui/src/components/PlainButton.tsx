/**
 * A button as the platform has it, which looks like nothing yet. The first screen has a dozen of them: React Aria's own
 * were a fifth of its script. While pending it keeps its focus and can't be pressed again.
 */
import type { ButtonHTMLAttributes, KeyboardEvent, Ref } from "react";

export interface PlainButtonProps extends Omit<
  ButtonHTMLAttributes<HTMLButtonElement>,
  "disabled" | "onClick" | "onKeyDown"
> {
  isDisabled?: boolean;
  isPending?: boolean;
  /** By pointer, key or assistive technology. */
  onPress?: (() => void) | undefined;
  onKeyDown?: (event: KeyboardEvent<HTMLButtonElement>) => void;
  ref?: Ref<HTMLButtonElement> | undefined;
}

export function PlainButton(props: PlainButtonProps) {
  const { isDisabled = false, isPending = false, onPress, onKeyDown, type = "button", ...rest } = props;
  return (
    <button
      {...rest}
      type={isPending ? "button" : type}
      disabled={isDisabled}
      aria-disabled={isPending || undefined}
      data-pending={isPending || undefined}
      onClick={(event) => {
        if (isPending) return;
        // Some engines give no focus to a button that is clicked, and a sheet gives it back to what opened it.
        event.currentTarget.focus();
        onPress?.();
      }}
      onKeyDown={(event) => {
        // Held down, Return would press again and again, and go on with what opened meanwhile.
        if (event.repeat && event.key === "Enter") event.preventDefault();
        onKeyDown?.(event);
      }}
    />
  );
}
