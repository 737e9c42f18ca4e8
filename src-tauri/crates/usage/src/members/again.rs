//! A text whose beginning has been read, to be read once more from there.

use std::io::{self, Cursor, Read};

use crate::archive::forward::Forward;

pub(super) struct Again<'text> {
    head: Cursor<Vec<u8>>,
    rest: &'text mut dyn Read,
}

impl<'text> Again<'text> {
    pub(super) fn new(head: Vec<u8>, rest: &'text mut dyn Read) -> Self {
        Self {
            head: Cursor::new(head),
            rest,
        }
    }
}

impl Read for Again<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        match self.head.read(room)? {
            0 => self.rest.read(room),
            more => Ok(more),
        }
    }
}

impl Forward for Again<'_> {}
