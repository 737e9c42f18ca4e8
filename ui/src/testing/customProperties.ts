/**
 * An element with custom properties of its own costs memory that WebKit does not give back, see
 * `components/drawOverlay`. So no test draws one.
 */

type SetProperty = (
  this: CSSStyleDeclaration,
  ...what: [name: string, value: string | null, priority?: string]
) => void;

const prototype: { setProperty: SetProperty } = CSSStyleDeclaration.prototype;
// As jsdom has it: this module is loaded once, the setup is run many times.
const { setProperty } = prototype;

export function refuseCustomProperties(): void {
  prototype.setProperty = function (name, ...rest) {
    if (name.startsWith("--"))
      throw new Error(`${name} is set on an element: name the property that it is for.`);
    setProperty.call(this, name, ...rest);
  };
}
