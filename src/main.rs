//! The command `santinh`; see [`santinh::cli`].

#[tokio::main]
async fn main() -> std::process::ExitCode {
    match santinh::cli::run().await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("santinh: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
