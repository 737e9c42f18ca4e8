//! Black-box tests of the sandbox.
