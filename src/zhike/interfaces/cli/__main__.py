"""``python -m zhike.interfaces.cli``: how Zhike starts its own processes."""

from zhike.interfaces.cli import main

if __name__ == "__main__":
    main()
