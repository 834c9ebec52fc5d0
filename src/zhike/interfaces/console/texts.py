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
    "factor.title": Text("第二因素", "Second factor"),
    "factor.code": Text("验证码", "Code"),
    "factor.code.help": Text(
        "请输入验证器应用中的六位验证码；手机不在身边时，可输入一个恢复码。",
        "Enter the six digits of your authenticator app; without your phone, one of your recovery codes.",
    ),
    "factor.failed": Text("验证码不正确，或尝试次数过多。", "Wrong code, or too many attempts."),
    "factor.wrong": Text(
        "验证码不正确：请核对手机时间后，输入当前显示的验证码。",
        "That code is not right: check your phone's clock and enter the code it shows now.",
    ),
    "factor.set_up.title": Text("启用第二因素", "Set up your second factor"),
    "factor.set_up.app": Text(
        "在手机上打开任一验证器应用（支持 TOTP 即可）。", "Open an authenticator app on your phone: any that does TOTP."
    ),
    "factor.set_up.scan": Text("用应用扫描二维码", "Scan this code with the app"),
    "factor.set_up.type": Text("无法扫描时，手工输入密钥：", "If it cannot scan, type this key:"),
    "factor.set_up.enter": Text("输入应用显示的六位验证码", "Enter the six digits that the app shows"),
    "factor.set_up.submit": Text("确认启用", "Turn it on"),
    "factor.remove.title": Text("停用第二因素", "Turn off your second factor"),
    "factor.remove.ask": Text(
        "停用后，仅凭密码即可登录您的账号，恢复码一并作废。确定停用吗？",
        "After this a password alone opens your account, and your recovery codes are void. Turn it off?",
    ),
    "factor.remove.submit": Text("停用", "Turn off"),
    "codes.title": Text("恢复码", "Recovery codes"),
    "codes.once": Text(
        "恢复码只显示这一次：请打印或保存在安全的地方。手机不在身边时，每个恢复码可代替一次验证码。",
        "These are shown this once: print them or keep them somewhere safe."
        " Without your phone, each stands in for one code.",
    ),
    "codes.shown": Text(
        "恢复码已经显示过，不再显示；还有 {left} 个未使用。如已遗失，请重新生成。",
        "Your codes were shown before and are not shown again; {left} are unused. If you lost them, make new ones.",
    ),
    "codes.download": Text("下载", "Download"),
    "codes.done": Text("完成", "Done"),
    "codes.new.title": Text("重新生成恢复码", "New recovery codes"),
    "codes.new.ask": Text(
        "生成后，原有的 {left} 个未用恢复码立即作废。", "The {left} unused codes you have now become void at once."
    ),
    "codes.new.submit": Text("重新生成", "Make new codes"),
    "codes.no_factor": Text("请先启用第二因素。", "Set up your second factor first."),
    "again.title": Text("请再次确认身份", "Confirm that it is you"),
    "again.why": Text("此操作关系到账号安全，请再次验证。", "This touches your account's safety: confirm once more."),
    "again.failed": Text("密码不正确，或尝试次数过多。", "Wrong password, or too many attempts."),
    "again.submit": Text("确认", "Confirm"),
    "again.cancel": Text("取消", "Cancel"),
    "frame.account.own": Text("我的登录", "My log-in"),
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
