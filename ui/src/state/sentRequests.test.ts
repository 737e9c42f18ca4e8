import { expect, it, vi } from "vitest";
import { SentRequests } from "./sentRequests";

it("tells the one that runs, once", () => {
  const requests = new SentRequests();
  const tell = vi.fn();
  const end = requests.begin(tell);
  expect(tell).not.toHaveBeenCalled();
  requests.arrive();
  requests.arrive();
  expect(tell).toHaveBeenCalledOnce();
  end();
});

it("tells nobody of what came before it began, or after it ended", () => {
  const requests = new SentRequests();
  requests.arrive();
  const tell = vi.fn();
  const end = requests.begin(tell);
  expect(tell).not.toHaveBeenCalled();
  end();
  requests.arrive();
  expect(tell).not.toHaveBeenCalled();
});

it("tells nobody as long as it could have been another’s", () => {
  const requests = new SentRequests();
  const creation = vi.fn();
  const rotation = vi.fn();
  requests.begin(creation);
  requests.begin(rotation);
  requests.arrive();
  expect(rotation).not.toHaveBeenCalled();
  requests.arrive();
  expect(creation).toHaveBeenCalledOnce();
  expect(rotation).toHaveBeenCalledOnce();
});

it("takes the one that ended for the one that had sent", () => {
  const requests = new SentRequests();
  const rotation = vi.fn();
  const end = requests.begin(() => undefined);
  requests.begin(rotation);
  requests.arrive();
  end();
  expect(rotation).not.toHaveBeenCalled();
  requests.arrive();
  expect(rotation).toHaveBeenCalledOnce();
});
