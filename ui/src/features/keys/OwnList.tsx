/** Says above the table whose list it is. */
import { Banner } from "../../components/Banner";
import { guidedLine } from "../../lib/guided";

export function OwnList() {
  return (
    <Banner tone="calm">
      <p>{guidedLine}</p>
    </Banner>
  );
}
