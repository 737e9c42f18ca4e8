/**
 * Short words about what just happened, in the empty strip beside the page's title, where they cover nothing that
 * they speak of. There is room for one there: those before it wait behind the latest, each with its own time, and all
 * are shown while somebody looks at them. The region is a polite live region from the start.
 */
import { CircleCheck, Info, X } from "lucide-react";
import { createContext, useCallback, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import { Button } from "./Button";
import styles from "./Toasts.module.css";

export interface ToastContent {
  message: string;
  detail?: string;
  tone?: "success" | "plain";
  /** What can be done about it at once; it goes with that. */
  action?: { label: string; onPress: () => void };
}

interface Toast extends ToastContent {
  id: number;
}

const LIFE = 9000;
const MOST = 3;

const ToastContext = createContext<(content: ToastContent) => void>(() => undefined);

/** Shows a toast. */
export function useToast(): (content: ToastContent) => void {
  return useContext(ToastContext);
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const [isHeld, setHeld] = useState(false);
  const next = useRef(0);
  const close = useCallback((id: number) => setToasts((all) => all.filter((each) => each.id !== id)), []);
  const show = useCallback((content: ToastContent) => {
    next.current += 1;
    const id = next.current;
    setToasts((all) => [{ ...content, id }, ...all].slice(0, MOST));
  }, []);
  return (
    <ToastContext value={show}>
      {children}
      <section
        aria-label="Notifications"
        className={styles.region}
        data-react-aria-top-layer="true"
        onPointerEnter={() => setHeld(true)}
        onPointerLeave={() => setHeld(false)}
        onFocus={() => setHeld(true)}
        onBlur={() => setHeld(false)}
      >
        <div role="status" className={styles.list} data-open={isHeld || undefined}>
          {toasts.map((toast, behind) => (
            <ToastCard
              key={toast.id}
              toast={toast}
              behind={behind}
              isWaiting={isHeld || behind > 0}
              onClose={close}
            />
          ))}
        </div>
      </section>
    </ToastContext>
  );
}

interface ToastCardProps {
  toast: Toast;
  /** How many stand before it. */
  behind: number;
  /** Its time does not run. */
  isWaiting: boolean;
  onClose: (id: number) => void;
}

function ToastCard({ toast, behind, isWaiting, onClose }: ToastCardProps) {
  const { id, message, detail, tone = "plain", action } = toast;
  useEffect(() => {
    if (isWaiting) return;
    const timer = setTimeout(() => onClose(id), LIFE);
    return () => clearTimeout(timer);
  }, [isWaiting, id, onClose]);
  const Icon = tone === "success" ? CircleCheck : Info;
  return (
    <div className={styles.toast} data-tone={tone} data-behind={behind}>
      <Icon size="1rem" aria-hidden="true" className={styles.icon} />
      <div className={styles.text}>
        <p>{message}</p>
        {detail !== undefined && <p className={styles.detail}>{detail}</p>}
      </div>
      {action !== undefined && (
        <Button
          onPress={() => {
            onClose(id);
            action.onPress();
          }}
        >
          {action.label}
        </Button>
      )}
      <Button look="quiet" isIcon aria-label="Close notification" onPress={() => onClose(id)}>
        <X size="0.9375rem" aria-hidden="true" />
      </Button>
    </div>
  );
}
