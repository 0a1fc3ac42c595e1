//! The command `santinh`; see [`santinh::cli`].

/// Many small requests on few threads: faster than the system's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
