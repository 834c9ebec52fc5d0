"""Every word of the frame, in both languages. A page brings its own words (`Page.texts`)."""

from typing import Any

from zhike.core.text import Text
from zhike.interfaces.console.language import locale
from zhike.interfaces.console.registry import pages

SHARED: dict[str, Text] = {
    "product.name": Text("知客", "Zhike"),
    "product.other_name": Text("Zhike", "知客"),
    "product.line": Text("懂客户，做对下一步", "Know the customer, take the right next step"),
    "frame.skip": Text("跳到正文", "Skip to content"),
    "frame.menu": Text("主菜单", "Main menu"),
    "frame.menu.open": Text("打开菜单", "Open menu"),
    "frame.search": Text("客户号、手机号、卡末四位或姓名", "Number, phone, card last 4, name"),
    "frame.search.label": Text("查找客户", "Find a customer"),
    "frame.search.why": Text(
        "须完整输入，按相等查找；输入内容不写入地址栏和日志。",
        "Enter it in full: search is by equality. What you type enters neither the address nor any log.",
    ),
    "frame.language": Text("语言", "Language"),
    "frame.theme": Text("外观", "Theme"),
    "frame.theme.light": Text("浅色", "Light"),
    "frame.theme.dark": Text("深色", "Dark"),
    "frame.theme.system": Text("跟随系统", "System"),
    "frame.account": Text("账户", "Account"),
    "frame.signed_in_as": Text("已登录：{name}", "Signed in as {name}"),
    "frame.sign_out": Text("退出登录", "Sign out"),
    "frame.as_of": Text("数据截至 {day}", "As of {day}"),
    "frame.snapshot": Text("数据版本 {id}", "Snapshot {id}"),
    "frame.loading": Text("正在加载…", "Loading…"),
    "frame.currency": Text("金额单位 {currency}", "Amounts in {currency}"),
    "login.title": Text("登录", "Sign in"),
    "login.line": Text("使用管理员为您开通的账号登录。", "Use the account your administrator made for you."),
    "login.username": Text("用户名", "User name"),
    "login.password": Text("密码", "Password"),
    "login.submit": Text("登录", "Sign in"),
    "login.failed": Text("用户名或密码不正确，或尝试次数过多。", "Wrong user name or password, or too many attempts."),
    "login.failed.help": Text(
        "请核对后重试；连续五次失败后须等待三十分钟。",
        "Check both and try again; after five failures in a row, wait thirty minutes.",
    ),
    "login.throttled": Text("尝试次数过多", "Too many attempts"),
    "login.throttled.help": Text(
        "为保护账号，登录已暂停，请稍后再试。", "Sign-in is paused to protect the account: try again later."
    ),
    "login.inactive": Text("账号已停用", "Account disabled"),
    "login.inactive.help": Text("请联系管理员。", "Ask an administrator."),
    "login.back": Text("返回登录", "Back to sign-in"),
    "login.out.ask": Text("确定退出登录吗？", "Sign out now?"),
    "bars.label": Text("分类", "Class"),
    "bars.customers": Text("客户数", "Customers"),
    "bars.share": Text("占比", "Share"),
    "state.empty": Text("暂无数据", "Nothing here yet"),
    "state.empty.help": Text(
        "发布一次数据后，这里会显示内容。", "This fills once data has been loaded, built and published."
    ),
    "state.forbidden": Text("无查看权限", "No permission"),
    "state.forbidden.help": Text(
        "如工作需要，请向管理员申请权限。", "If you need this for your work, ask an administrator."
    ),
    "state.error": Text("无法读取", "Could not be read"),
    "state.retry": Text("重试", "Try again"),
    "fault.400": Text("输入有误", "That input cannot be used"),
    "fault.400.help": Text("请检查输入后重试。", "Check what you entered and try again."),
    "fault.403": Text("无权访问", "No permission"),
    "fault.403.help": Text(
        "您的账号没有这项权限。如工作需要，请向管理员申请。",
        "Your account lacks this right. If you need it for your work, ask an administrator.",
    ),
    "fault.404": Text("没有找到", "Not found"),
    "fault.404.help": Text("它不存在，或不在您的可见范围内。", "It does not exist, or is not visible to you."),
    "fault.409": Text("已被他人更改", "Changed by someone else"),
    "fault.409.help": Text("请刷新后重试。", "Reload and try again."),
    "fault.429": Text("次数过多", "Too often"),
    "fault.429.help": Text("请稍后再试。", "Try again later."),
    "fault.500": Text("系统出错", "Something went wrong"),
    "fault.500.help": Text(
        "错误已记录，您的操作未生效。请稍后重试或联系管理员。",
        "It has been logged and nothing was changed. Try again later or tell an administrator.",
    ),
    "fault.503": Text("暂时不可用", "Not available right now"),
    "fault.503.help": Text(
        "系统正在启动或维护，请稍后重试。", "The system is starting or under maintenance: try again soon."
    ),
    "fault.nul": Text(
        "输入中含有空字符（NUL），无法使用。请删除后重试。",
        "The input holds a NUL character and cannot be used: remove it and try again.",
    ),
    "fault.stale": Text(
        "页面已过期，操作未生效。请刷新后重试。", "This page has expired and nothing was done. Reload and try again."
    ),
    "fault.home": Text("返回首页", "Back to the overview"),
    "field.full_name": Text("姓名", "Name"),
    "field.phone": Text("手机号", "Phone"),
    "field.phone_last4": Text("手机号末四位", "Phone, last four"),
    "field.id_number": Text("证件号", "ID number"),
    "field.address": Text("地址", "Address"),
    "field.email": Text("电子邮箱", "E-mail"),
    "field.customer_number": Text("客户号", "Customer number"),
    "field.customer_id": Text("客户编号", "Customer id"),
    "field.card_number": Text("卡号", "Card number"),
    "field.card_last4": Text("卡末四位", "Card, last four"),
}


def said(key: str, **places: Any) -> str:
    """The text of a key in the reader's language, places filled. An unknown key is a bug: KeyError."""
    return text(key).in_(locale()).format(**places)


def text(key: str) -> Text:
    """A shared text, or ``<page>.<key>`` of a page."""
    if key in SHARED:
        return SHARED[key]
    page, _, own = key.partition(".")
    entry = pages.all().get(page)
    if entry is None or own not in entry.texts:
        raise KeyError(f"no text {key!r}: add it to the page's texts or to console/texts.py")
    return entry.texts[own]
