//! Why a file is not written.

use serde::{Deserialize, Serialize};

/// Why a file is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The history of a shell or of another program that is typed into.
    History,
    /// A log, or the transcript of a conversation: it says what was, not what is.
    Log,
    /// Data of git: its objects, its own logs.
    GitData,
    /// An archive or something else that is packed.
    Archive,
    /// Written by a program that keeps its own account of it: state, lock files.
    Generated,
    /// The database of a program.
    Database,
    /// In the trash.
    Trash,
    /// In a store whose files never change.
    Store,
    /// A program, or something else that is no text.
    Binary,
    /// No regular file: a device, a pipe, a file of the system's own.
    Special,
    /// Larger than what is written.
    TooLarge,
    /// It is not there any more.
    Gone,
    /// The old token is not in it any more.
    NotThere,
    /// The token is written in parts, or wrapped in a way that can't be kept.
    Split,
    /// This user may not read it.
    NotReadable,
    /// This user may not write it, or not into its folder.
    NotWritable,
    /// It belongs to another user; the new file would not.
    OtherOwner,
    /// On a disk that can only be read.
    ReadOnly,
    /// Marked as not to be changed.
    Immutable,
    /// A disk is mounted at it, as containers do.
    MountPoint,
    /// No room on the disk, or in what this user may use of it.
    NoSpace,
    /// The file system can't exchange two files in one step.
    NoExchange,
    /// Something that belongs to the file can't be copied: its owner, its rights, its attributes.
    Attributes,
    /// It has more names than this one, and the new token is not as long as the old one.
    HardLinks,
    /// A program has it open for writing.
    Busy,
    /// Not offered on this system.
    System,
    /// The system refused for another reason.
    Failed,
}
