//! Files of a message: pictures are made anew, PDFs are bounded; both before the transaction begins.

use super::{
    model::{MOST_FILES, MOST_PDF},
    routes::Deps,
    send::Attachment,
};
use crate::{
    kernel::{Cx, Errors, Lang, Text},
    platform::files::PaperType,
    web::UploadedFile,
};

/// Keeps what was sent along; what is wrong with it is noted at the field `tep`.
///
/// # Errors
/// The store.
pub(super) async fn keep(
    deps: &Deps,
    cx: &Cx,
    files: &[UploadedFile],
    errors: &mut Errors,
) -> anyhow::Result<Vec<Attachment>> {
    errors.check(
        files.len() <= MOST_FILES,
        "tep",
        "Mỗi tin nhắn kèm nhiều nhất 4 tệp.",
        "A message carries at most 4 files.",
    );
    let mut kept = Vec::new();
    for file in files {
        if !errors.is_empty() {
            break;
        }
        match one(deps, cx, file).await? {
            Ok(file) => kept.push(file),
            Err(text) => {
                let said = |lang| format!("{}: {}", file.name, text.get(lang));
                errors.add("tep", Text::new(said(Lang::Vi), said(Lang::En)));
            }
        }
    }
    if !errors.is_empty() {
        forget(deps, &std::mem::take(&mut kept)).await;
    }
    Ok(kept)
}

/// Takes away what belongs to a message that was not sent.
pub(super) async fn forget(deps: &Deps, kept: &[Attachment]) {
    for file in kept {
        let gone = if file.is_picture {
            deps.pictures.remove(&file.key).await
        } else {
            deps.files.remove(&file.key).await
        };
        if let Err(error) = gone {
            tracing::warn!(key = %file.key, "a file could not be taken away: {error:#}");
        }
    }
}

async fn one(
    deps: &Deps,
    cx: &Cx,
    file: &UploadedFile,
) -> anyhow::Result<Result<Attachment, Text>> {
    let bytes = i64::try_from(file.bytes.len())?;
    let of = |is_picture, key| Attachment { name: file.name.clone(), is_picture, key, bytes };
    match PaperType::of(&file.bytes) {
        Err(text) => Ok(Err(text)),
        Ok(PaperType::Pdf) if file.bytes.len() > MOST_PDF => {
            Ok(Err(Text::new("Tệp PDF không quá 5 MB.", "A PDF of at most 5 MB.")))
        }
        Ok(PaperType::Pdf) => {
            let key = deps.files.keep(cx, "message-files", file.bytes.clone()).await?;
            Ok(Ok(of(false, key)))
        }
        Ok(_) => {
            let kept = deps.pictures.keep(cx, "message-pictures", file.bytes.clone()).await?;
            Ok(kept.map(|picture| of(true, picture.key)))
        }
    }
}
