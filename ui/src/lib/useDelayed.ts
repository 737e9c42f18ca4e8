import { useEffect, useState } from "react";

/** True once `active` has lasted `milliseconds`: what is over sooner shows nothing and so cannot flash. */
export function useDelayed(active: boolean, milliseconds = 300): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!active) return;
    const timer = setTimeout(() => setLate(true), milliseconds);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [active, milliseconds]);
  return active && late;
}
