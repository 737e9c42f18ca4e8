/** Asks for what is listed anew; the same at the foot of every list. */
import { RefreshCw } from "lucide-react";
import { Button } from "../components/Button";
import { ariaKeys, sayKeys } from "./keys";
import { useShortcut } from "./useActions";

interface RefreshButtonProps {
  isPending: boolean;
  isDisabled?: boolean;
  onPress: () => void;
}

export function RefreshButton({ isPending, isDisabled = false, onPress }: RefreshButtonProps) {
  const { title, keys } = useShortcut("list.refresh");
  return (
    <Button
      look="quiet"
      isIcon
      aria-label={keys.length === 0 ? title : `${title} (${sayKeys(keys[0])})`}
      aria-keyshortcuts={ariaKeys(keys)}
      isPending={isPending}
      isDisabled={isDisabled}
      onPress={onPress}
    >
      <RefreshCw size="0.875rem" aria-hidden="true" />
    </Button>
  );
}
