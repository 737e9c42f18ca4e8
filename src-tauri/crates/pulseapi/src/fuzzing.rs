//! One way in for a fuzzer: an answer without a server. No part of the crate as others use it.

use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use crate::answer::Answer;
use crate::contract::Contract;
use crate::decode;
use crate::error::Error;
use crate::id::KeyId;
use crate::token::BearerToken;

/// What each request is sent with. Its checksum is not right, and no key has it.
pub const CREDENTIAL: &str = "7|pulse_0123456789abcdefghijABCDEFGHIJ0123456789a1b2c3d4";

/// An answer.
#[derive(Debug)]
pub struct Arrived<'a> {
    /// From 100 to 999.
    pub status: u16,
    /// Whether it calls itself a web page.
    pub is_html: bool,
    /// Whether all of the body arrived.
    pub is_whole: bool,
    /// Whether it answers a rotation of key 41, and not a creation.
    pub rotates: bool,
    /// The body.
    pub body: &'a [u8],
}

/// What was made of an answer.
#[derive(Debug)]
pub struct Outcome {
    /// The fresh token in it.
    pub token: Option<SecretString>,
    /// Every error, as it is told.
    pub told: Vec<String>,
}

/// Reads an answer as that to each of the calls.
#[must_use]
pub fn read(arrived: &Arrived<'_>) -> Outcome {
    let mut headers = HeaderMap::new();
    if arrived.is_html {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    }
    let answer = Answer {
        status: StatusCode::from_u16(arrived.status).unwrap_or_default(),
        headers,
        body: Zeroizing::new(arrived.body.to_vec()),
        is_whole: arrived.is_whole,
    };
    let mut told = Vec::new();
    let Ok(credential) = BearerToken::parse(CREDENTIAL) else {
        return Outcome { token: None, told };
    };
    let Ok(profile) = Contract::built_in().profile() else {
        return Outcome { token: None, told };
    };
    let refusal = answer.refusal(true, Timestamp::UNIX_EPOCH, &credential, &profile);
    let trouble = (!answer.status.is_success()).then_some(refusal);
    let rotated = KeyId::parse("41").ok().filter(|_| arrived.rotates);
    let new = decode::new_token(
        &answer,
        trouble.clone(),
        rotated.as_ref(),
        &credential,
        &profile,
    );
    let mut tell = |error: Option<Error>| {
        told.extend(error.map(|error| format!("{error} {error:?}")));
    };
    tell(trouble);
    tell(decode::user(&answer, &profile).err());
    tell(decode::key(&answer, &profile).err());
    tell(decode::abilities(&answer, &profile).err());
    tell(decode::page(&answer, &profile, 1).err());
    tell(decode::nothing(&answer, &profile).err());
    tell(new.as_ref().err().cloned());
    Outcome {
        token: new.ok().map(|new| new.token.secret().clone()),
        told,
    }
}
