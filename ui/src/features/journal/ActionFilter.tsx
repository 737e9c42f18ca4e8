/** Which action's rows are shown. Offers those that the journal has. */
import { Check, ChevronsUpDown } from "lucide-react";
import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue } from "react-aria-components";
import { drawOverlay } from "../../components/drawOverlay";
import menu from "../../components/Menu.module.css";
import { actionInWords } from "../../lib/journalAction";
import { formatNumber } from "../../lib/text";
import styles from "./ActionFilter.module.css";
import { type ActionCount } from "./entries";

/** No action of the journal: they have no spaces. */
const ALL = "all actions";

interface ActionFilterProps {
  actions: readonly ActionCount[];
  total: number;
  value: string | null;
  onChange: (action: string | null) => void;
}

export function ActionFilter({ actions, total, value, onChange }: ActionFilterProps) {
  const all: ActionCount = { action: ALL, words: "All actions", count: total };
  return (
    <Select
      aria-label="Action"
      value={value ?? ALL}
      onChange={(key) => onChange(key === ALL || key === null ? null : String(key))}
    >
      <Button className={styles.button ?? ""}>
        <SelectValue className={styles.value ?? ""}>
          {value === null ? all.words : <bdi>{actionInWords(value)}</bdi>}
        </SelectValue>
        <ChevronsUpDown size="0.875rem" aria-hidden="true" className={styles.arrows} />
      </Button>
      <Popover render={drawOverlay} className={menu.popover ?? ""} placement="bottom start" offset={6}>
        <ListBox className={menu.menu ?? ""}>
          {[all, ...actions].map(({ action, words, count }) => (
            <ListBoxItem key={action} id={action} className={menu.item ?? ""} textValue={words}>
              <span className={styles.tick}>
                {action === (value ?? ALL) && <Check size="0.9375rem" aria-hidden="true" />}
              </span>
              <bdi className={menu.label}>{words}</bdi>
              {count !== null && <span className={styles.count}>{formatNumber(count)}</span>}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
